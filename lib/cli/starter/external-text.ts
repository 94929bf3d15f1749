/** Writes the YAML for external roles (not managed by Leasehold) that recipes pass or assume. */
import { stringify } from 'yaml';

/** Maps names to external roles, as in the key `external` of a project. */
export type ExternalYaml = Readonly<
  Record<string, { readonly arn: string; readonly may: 'administrator' | readonly ExternalStatement[] }>
>;

interface ExternalStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The key `external` for a project. Empty if there are no external roles. */
export function externalText(external: ExternalYaml): string {
  return Object.keys(external).length === 0 ? '' : stringify({ external }, { lineWidth: 0 });
}
