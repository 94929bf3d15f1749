/** Resolves a statement: templates are replaced, and values are converted to strings. */
import { foldAscii, many } from '@leasehold/policy';
import { type Complaint, shown } from './complaints';
import type { Allow, Path } from './model';
import type { StatementYaml } from './schema-statements';

/** Replaces variables in the text at a path; undefined if an error was reported. */
export type PutAt = (text: string, path: Path) => string | undefined;

/** How a statement is resolved. */
export interface StatementContext {
  /** Replaces templates in resources and in the values of conditions. */
  readonly put: PutAt;
  /** Replaces templates in condition keys, where `${param.…}` is an error. */
  readonly putKey: PutAt;
  /** The placeholder that replaces text with an invalid template in a draft. */
  readonly draft: (text: string) => string;
  /** Reports an error in the value at a path. */
  readonly complain: (path: Path, complaint: Complaint) => void;
}

/** @param path the position of the statement in the file */
export function resolveStatement(
  yaml: StatementYaml,
  path: Path,
  { put, putKey, draft, complain }: StatementContext,
): Allow {
  const texts = (written: readonly string[], at: Path) =>
    written.map((text, index) => put(text, [...at, index]) ?? draft(text));
  const conditions = Object.entries(yaml.conditions ?? {}).map(([operator, keys]) => {
    const seen = new Map<string, string>();
    const values = Object.entries(keys).map(([written, value]) => {
      const at = [...path, 'conditions', operator, written];
      const key = written.includes('${') ? (putKey(written, at) ?? written) : written;
      // IAM ignores the case of a key, and rejects a document with a duplicate key.
      const twin = seen.get(foldAscii(key));
      if (twin !== undefined) complain(at, twice(key, twin, operator));
      seen.set(foldAscii(key), key);
      return [key, texts(many<string | number | boolean>(value).map(String), at)] as const;
    });
    return [operator, Object.fromEntries(values)] as const;
  });
  return {
    actions: many(yaml.actions),
    resources: texts(many(yaml.resources), [...path, 'resources']),
    conditions: Object.fromEntries(conditions),
  };
}

function twice(key: string, twin: string, operator: string): Complaint {
  return {
    id: 'condition-key-twice',
    message:
      key === twin
        ? `The condition key ${shown(key)} occurs twice under \`${operator}\`.`
        : `The condition keys ${shown(twin)} and ${shown(key)} under \`${operator}\` are the same key for IAM, which ignores case.`,
    hint: 'Keep only one of the keys, and list only the values that both keys permit.',
  };
}
