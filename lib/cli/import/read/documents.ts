/**
 * Reads policies from a file: a policy document, or the JSON in which the AWS CLI, CloudFormation or Terraform wraps
 * policy documents.
 */
import { basename } from 'node:path';
import { type PolicyDocument, PolicyError, parsePolicy } from '@leasehold/policy';
import { parse } from 'yaml';
import { UsageError } from '../../exit';
import type { ImportSource, Loss } from '../model';
import { isTerraform, terraformSources } from './terraform';

/** The sources of an import, and the parts of the input that could not be read. */
export interface ReadSources {
  readonly sources: readonly ImportSource[];
  readonly unread: readonly Loss[];
}

/**
 * Reads policies from the text of a file.
 * @throws UsageError if the file contains no policy, or a policy that AWS would reject
 */
export function readPolicyText(text: string, file: string): ReadSources {
  const value = parseText(text, file);
  const found = isTerraform(value)
    ? terraformSources(value)
    : { sources: plainSources(value, nameOf(file)), unread: [] };
  if (found.sources.length === 0 && found.unread.length === 0) {
    throw new UsageError(`${file}: there is no IAM policy in it`, {
      expected: 'a policy document (`Statement`), what `aws iam get-policy-version` prints, or `terraform show -json`',
      hint: 'Name the file that holds the policy.',
    });
  }
  return { ...found, sources: found.sources.map((source) => checkedSource(source, file)) };
}

/**
 * Returns the source if AWS would accept all of its policies.
 * @throws UsageError
 */
export function checkedSource(source: ImportSource, where: string): ImportSource {
  for (const document of [...source.documents, ...(source.boundary === undefined ? [] : [source.boundary])]) {
    try {
      parsePolicy(document, 'identity');
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      throw new UsageError(
        `${where}: a policy that AWS would refuse: ${error.message}`,
        { expected: error.expected, hint: 'Correct the policy, and import it again.' },
        error,
      );
    }
  }
  return source;
}

function parseText(text: string, file: string): unknown {
  const body = text.replace(/^\ufeff/, '');
  try {
    return /^\s*[[{]/.test(body) ? JSON.parse(body) : parse(body, { maxAliasCount: 100, logLevel: 'silent' });
  } catch (error) {
    const [first = ''] = String(error instanceof Error ? error.message : error).split('\n');
    throw new UsageError(
      `${file}: neither JSON nor YAML: ${first}`,
      { hint: 'Name a file with an IAM policy in JSON, or with what `terraform show -json` prints.' },
      error,
    );
  }
}

/** The sources found in a single policy, in a list of policies, or in an object that contains a policy. */
function plainSources(value: unknown, name: string): readonly ImportSource[] {
  const documents = documentsIn(value);
  return documents.length === 0 ? [] : [{ name, documents }];
}

/** Keys whose value is, or contains, a policy document. */
const WRAPPERS = ['PolicyVersion', 'Document', 'PolicyDocument', 'Policy', 'Statement'] as const;

function documentsIn(value: unknown): readonly PolicyDocument[] {
  if (typeof value === 'string') return documentsIn(documentOf(value));
  if (Array.isArray(value)) {
    // Statements without an enclosing document.
    if (value.length > 0 && value.every((each) => isRecord(each) && 'Effect' in each)) {
      return [{ Version: '2012-10-17', Statement: value } as PolicyDocument];
    }
    return value.flatMap(documentsIn);
  }
  if (!isRecord(value)) return [];
  if ('Statement' in value) return [value as unknown as PolicyDocument];
  if ('Effect' in value) return documentsIn([value]);
  return WRAPPERS.flatMap((key) => (key in value ? documentsIn(value[key]) : []));
}

/**
 * Parses a document from text: JSON, or percent-encoded JSON as IAM's API returns it. `undefined` for any other text.
 */
export function documentOf(text: string): unknown {
  for (const read of [() => JSON.parse(text), () => JSON.parse(decodeURIComponent(text))]) {
    try {
      return read();
    } catch {
      // The other encoding is tried next. Text in neither encoding contains no policy.
    }
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

function nameOf(file: string): string {
  return file === '-' ? 'policy' : basename(file).replace(/(\.policy)?\.(json|ya?ml|txt)$/i, '');
}
