/** Whether a plan gives an identity everything, so that no more need be said of what it gains. */
import { many, type PolicyDocument } from '../../policy/document';
import type { IdentityDiff } from '../diff/identity-diff';
import { canonical, statementsOf, versionOf } from '../diff/same';
import type { PlacedPolicy } from '../model';
import type { Severity } from '../review';

/** A policy that gives full access, and how bad that is. */
export interface FullAccess {
  readonly policy: PlacedPolicy;
  readonly severity: Severity;
  /** Whether it is written out, and not only named. */
  readonly written: boolean;
}

/** The policies with full access that are new to an identity. */
export function fullAccess({ pair }: IdentityDiff): readonly FullAccess[] {
  const { before, after } = pair;
  const attached = new Set(before?.policies.map(({ arn }) => arn));
  const known = new Set(before?.documents.flatMap((document) => starsIn(document)));
  return (after?.policies ?? []).flatMap((policy): FullAccess[] => {
    const named = policy.arn === undefined ? undefined : severityOf(policy.arn);
    if (named !== undefined) return attached.has(policy.arn) ? [] : [{ policy, severity: named, written: false }];
    if (policy.document.kind !== 'known') return [];
    const fresh = starsIn(policy.document.value).some((text) => !known.has(text));
    return fresh ? [{ policy, severity: 'critical', written: true }] : [];
  });
}

/** Whether an identity is given everything there is. */
export function isGivenEverything(diff: IdentityDiff): boolean {
  return fullAccess(diff).some(({ severity }) => severity === 'critical');
}

/** With these one can give oneself everything else. */
const ALL =
  /\/(AdministratorAccess|IAMFullAccess|PowerUserAccess|AWSOrganizationsFullAccess|AdministratorAccess-[\w-]+)$/;

function severityOf(arn: string): Severity | undefined {
  if (ALL.test(arn)) return 'critical';
  return /FullAccess(V\d+)?$|_FullAccess|\/SystemAdministrator$|\/DatabaseAdministrator$/.test(arn)
    ? 'high'
    : undefined;
}

/** The allows of a document for every action on every resource. */
function starsIn(document: PolicyDocument): readonly string[] {
  return statementsOf(document).flatMap((statement) =>
    statement.Effect === 'Allow' &&
    many(statement.Action).some((action) => /^[*?:]*\*[*?:]*$/.test(action)) &&
    many(statement.Resource).some((resource) => /^\*+$/.test(resource))
      ? [canonical(statement, versionOf(document))]
      : [],
  );
}
