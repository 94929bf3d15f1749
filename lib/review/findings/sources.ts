/** Checks identity sources, services that assign roles to others, and the policies of an organization. */
import {
  type CompareOptions,
  type Comparison,
  compare,
  type PolicyDocument,
  type PolicyDocuments,
  PolicyError,
} from '@leasehold/policy';
import { sameValue, statementsOf } from '../diff/equal-values';
import type { Watched } from '../model';
import type { ReviewFinding } from '../review';
import type { WatchedType } from '../types/watched-types';
import { isUnread, listAt, show, valueAt, valuesOf } from './attributes';
import { type Change, type Check, type FindingKind, finding, type ReviewContext } from './finding';

const source: FindingKind = {
  id: 'identity-source-changed',
  title: 'An identity source changes, or a resource that provides a role changes',
  severities: ['high', 'medium'],
  why: 'Trust policies rely on the identity provider, and permit every identity that it authenticates.',
  hint: 'Make sure that the provider, its certificate and its audiences are correct.',
};

const organization: FindingKind = {
  id: 'organization-policy-weakened',
  title: 'A policy of the organization is removed or permits more',
  severities: ['high'],
  why: 'An organization policy applies to every identity in the accounts that it covers, regardless of what the policies of the identity allow.',
  hint: 'Keep the policy, or move its denies into another policy that is attached to the same accounts.',
};

export const sources: Check = {
  kinds: [source, organization],
  *find(context) {
    for (const change of context.watched) {
      const type = change.before?.type ?? change.after?.type;
      if (type === 'aws_organizations_policy') yield* ofOrganization(change, context);
      else if (type === 'aws_organizations_policy_attachment') yield* attachment(change);
      else if (type !== undefined) yield* vouching(change, type);
    }
  },
};

/** By type and attribute, whether every change of the attribute is reported, or only an addition to its list. */
const VOUCHING: Readonly<Partial<Record<WatchedType, Readonly<Record<string, 'any' | 'added'>>>>> = {
  aws_iam_openid_connect_provider: { url: 'any', client_id_list: 'added', thumbprint_list: 'added' },
  aws_iam_account_password_policy: { minimum_password_length: 'any', max_password_age: 'any' },
  aws_iam_saml_provider: { saml_metadata_document: 'any' },
  aws_iam_instance_profile: { role: 'any' },
  aws_rolesanywhere_trust_anchor: { source: 'any' },
  aws_rolesanywhere_profile: { role_arns: 'added', session_policy: 'any', managed_policy_arns: 'any' },
};
const MEDIUM = new Set(['client_id_list', 'max_password_age', 'minimum_password_length', 'thumbprint_list']);

function* vouching(change: Change<Watched>, type: WatchedType): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined || after === undefined) return;
  for (const [attribute, counts] of Object.entries(VOUCHING[type] ?? {})) {
    const [was, is] = valuesOf(change, attribute);
    const known = listAt(before.values, attribute);
    const added = listAt(after.values, attribute).filter((value) => !known.some((other) => sameValue(other, value)));
    const changed = counts === 'added' ? isUnread(is) || added.length > 0 : !sameValue(was ?? null, is ?? null);
    if (!changed) continue;
    yield finding(source, {
      place: { address: after.place.address, attribute },
      severity: MEDIUM.has(attribute) ? 'medium' : 'high',
      message: `${after.place.address} changes ${attribute} from ${show(was)} to ${show(is)}.`,
    });
  }
}

function* ofOrganization(change: Change<Watched>, { catalogue, steps }: ReviewContext): Iterable<ReviewFinding> {
  const { before, after } = change;
  if (before === undefined) return;
  if (after === undefined) {
    yield finding(organization, { place: before.place, message: `The policy ${before.place.address} is removed.` });
    return;
  }
  const [was, is] = [valueAt(before.values, 'content'), valueAt(after.values, 'content')];
  if (was === is) return;
  const answer = comparison(was, is, valueAt(after.values, 'type'), { catalogue, steps });
  if (answer === 'not-widened') return;
  yield finding(organization, {
    place: { address: after.place.address, attribute: 'content' },
    message:
      answer === 'widened'
        ? `The policy ${after.place.address} permits more than before.`
        : `The review cannot prove that the policy ${after.place.address} permits no more than before.`,
  });
}

/**
 * Compares two versions of an organization's policy, because the plan does not show which other policies are attached
 * to the same accounts. A policy is compared by itself, as an allow list, and together with the AWS-managed policy that
 * allows everything, as a deny list.
 */
function comparison(was: unknown, is: unknown, type: unknown, options: CompareOptions): Comparison['kind'] {
  if (typeof was !== 'string' || typeof is !== 'string') return 'unknown';
  const under = (text: string): readonly PolicyDocuments[] =>
    type === 'RESOURCE_CONTROL_POLICY'
      ? [{ resource: besideEverything(JSON.parse(text)) }]
      : [
          { identity: [EVERYTHING], scps: [[text]] },
          { identity: [EVERYTHING], scps: [[EVERYTHING, text]] },
        ];
  const later = under(is);
  try {
    const answers = under(was).map((earlier, index) => compare(earlier, later[index] ?? {}, options).kind);
    return (['widened', 'unknown'] as const).find((kind) => answers.includes(kind)) ?? 'not-widened';
  } catch (error) {
    if (error instanceof PolicyError || error instanceof SyntaxError) return 'unknown';
    throw error;
  }
}

/**
 * Converts a resource control policy to a policy for every resource. AWS decides to which services such a policy
 * applies, so here the policy applies to all services. AWS always attaches a policy that allows everything, from which
 * the deny statements are subtracted.
 */
function besideEverything(document: PolicyDocument): PolicyDocument {
  const [allow] = EVERYTHING.Statement;
  return { ...document, Statement: [...statementsOf(document), { ...allow, Principal: '*' }] };
}

/**
 * A policy that allows everything, so that only the compared policies limit access. It has the same content as the AWS
 * policy `FullAWSAccess`.
 */
const EVERYTHING = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
} as const satisfies PolicyDocument;

function* attachment({ before, after }: Change<Watched>): Iterable<ReviewFinding> {
  if (before === undefined) return;
  const [target, policy] = [valueAt(before.values, 'target_id'), valueAt(before.values, 'policy_id')];
  if (after !== undefined && sameValue(valueAt(after.values, 'target_id'), target)) {
    if (sameValue(valueAt(after.values, 'policy_id'), policy)) return;
  }
  yield finding(organization, {
    place: after?.place ?? before.place,
    message: `The policy ${show(policy)} no longer applies to ${show(target)}.`,
  });
}
