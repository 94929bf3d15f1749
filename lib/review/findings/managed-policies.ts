/** Policies that allow everything, managed by AWS or written out. */
import { many } from '../../policy/document';
import type { IdentityDiff } from '../diff/identity-diff';
import { canonical, statementsOf, versionOf } from '../diff/same';
import type { PlacedPolicy } from '../model';
import type { ReviewFinding, Severity } from '../review';
import { type Check, type FindingKind, finding, nameOf, placeOf } from './finding';

const kind: FindingKind = {
  id: 'full-access',
  title: 'An identity is given full access',
  severities: ['critical', 'high'],
  why: 'Full access is more than any task needs, and the boundary, if there is one, is all that is left to hold it.',
  mend: 'Write a policy that lists the actions and resources of the task.',
};

export const managedPolicies: Check = {
  kinds: [kind],
  *find({ diffs }) {
    for (const diff of diffs) {
      const { before, after } = diff.pair;
      if (after === undefined) continue;
      const known = new Set(before?.policies.map(({ arn }) => arn));
      for (const policy of after.policies) {
        const { arn } = policy;
        if (arn === undefined || known.has(arn)) continue;
        const severity = severityOf(arn);
        if (severity !== undefined) yield attached(diff, policy, severity);
      }
      yield* everything(diff);
    }
  },
};

function attached(diff: IdentityDiff, { arn, place }: PlacedPolicy, severity: Severity): ReviewFinding {
  return finding(kind, { place, identity: diff.key, severity, message: `The ${nameOf(diff)} is given ${arn}.` });
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

function* everything(diff: IdentityDiff): Iterable<ReviewFinding> {
  const { before, after } = diff.pair;
  const known = new Set(
    before?.documents.flatMap((document) =>
      statementsOf(document).map((statement) => canonical(statement, versionOf(document))),
    ),
  );
  for (const policy of after?.policies ?? []) {
    if (policy.document.kind !== 'known' || (policy.arn !== undefined && severityOf(policy.arn) !== undefined))
      continue;
    const document = policy.document.value;
    const star = statementsOf(document).find(
      (statement) =>
        statement.Effect === 'Allow' &&
        many(statement.Action).some((action) => /^[*?:]*\*[*?:]*$/.test(action)) &&
        many(statement.Resource).some((resource) => /^\*+$/.test(resource)) &&
        !known.has(canonical(statement, versionOf(document))),
    );
    if (star === undefined) continue;
    yield finding(kind, {
      place: policy.place.address === '' ? placeOf(diff) : policy.place,
      identity: diff.key,
      severity: 'critical',
      message: `A policy of the ${nameOf(diff)} allows every action on every resource.`,
    });
  }
}
