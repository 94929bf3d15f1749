/** The YAML of roles outside Leasehold that recipes pass or assume. */
import { stringify } from 'yaml';

/** Name → a role outside Leasehold, as under `external` of a project. */
export type ExternalYaml = Readonly<
  Record<string, { readonly arn: string; readonly may: 'administrator' | readonly ExternalStatement[] }>
>;

interface ExternalStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The key `external` of a project; the empty text for none. */
export function externalText(external: ExternalYaml): string {
  return Object.keys(external).length === 0 ? '' : stringify({ external }, { lineWidth: 0 });
}
