/** Locates values in a YAML document. */
import type { SourceRange } from './finding';

/** The location of a value in its YAML document: keys and list indexes from the document's root. */
export type Path = readonly (string | number)[];

/** Finds the range of a value, or of the nearest enclosing value that exists in the file. */
export type Locate = (path: Path) => SourceRange;
