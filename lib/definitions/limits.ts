/**
 * Limits of the loader, so that no input makes the loader hang or crash. A test compares the limits with those in
 * `docs/definitions.md`.
 */

/** Maximum size of one file in bytes: 1 MiB, enough for about 1,500 roles. */
export const MAX_FILE_BYTES = 1_048_576;
/** Bytes of all files together: 32 MiB. */
export const MAX_TOTAL_BYTES = 33_554_432;
/** Maximum number of files in one run. */
export const MAX_FILES = 20_000;
/** Maximum depth of nested folders. */
export const MAX_FOLDER_DEPTH = 32;
/** Maximum number of tokens in one file, as the YAML lexer counts them. A role has about 200 tokens. */
export const MAX_TOKENS = 500_000;
/** Maximum number of YAML documents in one file. */
export const MAX_DOCUMENTS = 10_000;
/** Maximum depth of nested collections. The parser recurses, so an unlimited depth would exhaust its stack. */
export const MAX_NESTING = 60;
/** Maximum number of values that YAML aliases may add to one document. */
export const MAX_ALIASED_VALUES = 10_000;
/** Maximum number of findings listed per file; further findings are only counted. */
export const MAX_FINDINGS_PER_FILE = 100;
