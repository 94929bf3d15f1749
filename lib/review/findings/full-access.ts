/**
 * Detects full access. If an identity gains full access, the other findings about permissions that it gains are
 * omitted.
 */
import { many, type PolicyDocument } from '@leasehold/policy';
import { allowanceOf, isEverything } from '../diff/allowance';
import { canonical, statementsOf, versionOf } from '../diff/equal-values';
import type { IdentityDiff } from '../diff/identity-diff';
import type { Side } from '../diff/side';
import type { PlacedPolicy } from '../model';
import type { Severity } from '../review';
import type { ReviewContext } from './finding';
import { gainedUnbounded } from './powers';

/** A policy that gives full access, and its severity. */
export interface FullAccess {
  readonly policy: PlacedPolicy;
  readonly severity: Severity;
  /** Whether the plan contains the document. False if the plan contains only the policy's name or ARN. */
  readonly written: boolean;
}

/** The policies with full access that an identity newly has. */
export function fullAccess(diff: IdentityDiff, context: ReviewContext): readonly FullAccess[] {
  const { pair } = diff;
  const { before, after } = pair;
  const attached = new Set(before?.policies.map(({ arn }) => arn));
  const known = new Set(before?.documents.flatMap((document) => starsIn(document)));
  return (after?.policies ?? []).flatMap((policy): FullAccess[] => {
    const named = policy.arn === undefined ? undefined : severityOf(policy.arn);
    const isRead = policy.document.kind === 'known';
    // A boundary does not count here, because it can change later. A deny statement does count.
    const gains = () => gainedUnbounded(diff, context).length > 0 && !isListed(after);
    if (named !== undefined) {
      const given = !attached.has(policy.arn) && (!isRead || gains());
      return given ? [{ policy, severity: named, written: false }] : [];
    }
    if (policy.document.kind !== 'known') return [];
    const fresh = starsIn(policy.document.value).some((text) => !known.has(text));
    return fresh && gains() ? [{ policy, severity: 'critical', written: true }] : [];
  });
}

/** Whether a deny statement reduces full access to a list of actions. */
function isListed(side: Side | undefined): boolean {
  return side !== undefined && !allowanceOf(side).left('*').some(isEverything);
}

/** Whether an identity gains full access. */
export function isGivenEverything(diff: IdentityDiff, context: ReviewContext): boolean {
  return fullAccess(diff, context).some(({ severity }) => severity === 'critical');
}

/** Actions with which an identity can give itself all other permissions. */
const ALL =
  /\/(AdministratorAccess|IAMFullAccess|PowerUserAccess|AWSOrganizationsFullAccess|AdministratorAccess-[\w-]+)$/;

function severityOf(arn: string): Severity | undefined {
  if (ALL.test(arn)) return 'critical';
  return /FullAccess(V\d+)?$|_FullAccess|\/SystemAdministrator$|\/DatabaseAdministrator$/.test(arn)
    ? 'high'
    : undefined;
}

/** Whether a document allows every action on every resource. */
export function allowsEverything(document: PolicyDocument): boolean {
  return starsIn(document).length > 0;
}

/** The allow statements of a document for every action on every resource. */
function starsIn(document: PolicyDocument): readonly string[] {
  return statementsOf(document).flatMap((statement) =>
    statement.Effect === 'Allow' &&
    many(statement.Action).some((action) => /^[*?:]*\*[*?:]*$/.test(action)) &&
    many(statement.Resource).some((resource) => /^\*+$/.test(resource))
      ? [canonical(statement, versionOf(document))]
      : [],
  );
}
