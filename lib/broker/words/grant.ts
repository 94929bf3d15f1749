/**
 * Describes a grant: every value that the grant's hash covers, unchanged. The command line and the console show these
 * facts to an approver.
 */

import { LeaseholdError } from '@leasehold/contract/error';
import type { Grant } from '@leasehold/contract/event';
import { described, type HandingRole, noticesOf, type Permission, permissionsOf } from '@leasehold/contract/permission';
import { count, left, moment, reasonTag, solid, spoken, visible } from '@leasehold/contract/text';
import { LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents/session';
import type { FoldedLease, Proposal } from '../lease/fold';
import type { Fact } from './facts';

/** Information about the role of a grant that the grant itself does not contain. */
export interface GrantContext {
  /** The purpose of the role. Absent if the purpose is not known. */
  readonly purpose?: string | undefined;
  /** The role's entry in the stack's manifest. Absent without a manifest. */
  readonly entry?: HandingRole | undefined;
  /**
   * Describes the grant's AWS-managed policies.
   * @throws UnshownGrant if their texts are not known
   */
  readonly managed: (grant: Grant) => readonly string[];
}

/** A grant that waits for a decision, with its context. */
export interface WaitingGrant extends GrantContext {
  readonly lease: FoldedLease;
  readonly proposal: Proposal;
  /** The current time in seconds since 1970. */
  readonly now: number;
}

/** The error for a grant that cannot be shown completely. Nobody may approve it. */
export class UnshownGrant extends LeaseholdError<'denied'> {
  override readonly name = 'UnshownGrant';

  constructor(
    why: string,
    hint = 'Do not approve anything that you cannot see. Deny the request, and report this problem to an administrator.',
  ) {
    super({ code: 'denied', message: `the permissions of the lease cannot be shown whole: ${why}`, hint });
  }
}

/**
 * Everything that an approver must know, except the texts by the agent and the reviewer. The hash comes last.
 * @throws {UnshownGrant}
 */
export function waitingFacts({ lease, proposal, now, ...context }: WaitingGrant): readonly Fact[] {
  const { approvals, review, asked } = lease;
  const { grant, humans, approvers, until, hash } = proposal;
  const others = approvers.filter((name) => !approvals.includes(name));
  const yes = approvals.length === 0 ? '' : `: ${approvals.map(visible).join(', ')}`;
  return [
    ...grantFacts(grant, lease, context),
    ...('intent' in asked
      ? [{ label: 'Asked', lines: ['by intent: role, actions, parameters and length are the reviewer’s choice'] }]
      : []),
    { label: 'Reviewer', lines: [reviewFact(review)] },
    {
      label: 'Approvals',
      lines: [
        `${approvals.length} of ${count(humans, 'human')}${yes}`,
        `still to answer: ${others.map(visible).join(', ')}`,
      ],
    },
    { label: 'Answer by', lines: [`${moment(until)}, in ${left(until - now)}`] },
    { label: 'Grant', lines: [`SHA-256 ${hash}`] },
  ];
}

/**
 * The values of a grant. Tags that only repeat a shown value are omitted; all other tags are shown.
 * @throws {UnshownGrant}
 */
export function grantFacts(
  grant: Grant,
  { id, requester, subject }: FoldedLease,
  { purpose, entry, managed: managedLines }: GrantContext,
): readonly Fact[] {
  const permissions = permissionsIn(grant);
  const notices = noticesOf(permissions, entry, unshown);
  const { project, environment, account, role, roleArn, parameters, seconds } = grant;
  const managed = managedLines(grant);
  const asked = Object.entries(parameters);
  const further = furtherTags(grant, id, requester.name, subject?.sub);
  const fact = (label: string, lines: Fact['lines']): Fact => ({ label, lines });
  return [
    fact('Who', [
      visible(`${requester.name}, ${requester.kind === 'agent' ? 'an agent' : 'a person'}`),
      visible(`account ${requester.key}`),
    ]),
    ...(subject === undefined
      ? []
      : [fact('On behalf of', [visible(subject.sub), visible(`known to ${subject.issuer}`)])]),
    fact('Where', [visible(`${project} ${environment}, account ${account}`)]),
    fact('Role', [visible(purpose === undefined ? role : `${role}: ${purpose}`), visible(roleArn)]),
    ...(asked.length === 0
      ? []
      : [
          fact(
            'Parameters',
            asked.map(([name, value]) => `${solid(name)} = ${solid(value)}`),
          ),
        ]),
    fact('Length', [`${spoken(seconds)} from when it is collected`]),
    ...(permissions.length === 0 ? [] : [fact('Permissions', permissions.flatMap(permissionLines))]),
    ...(managed.length === 0 ? [] : [fact('Policies', managed)]),
    ...(notices.length === 0 ? [] : [fact('Notice', notices.map(visible))]),
    ...(further.length === 0
      ? []
      : [
          fact(
            'Tagged',
            further.map(([tag, value]) => `${visible(tag)} = ${solid(value)}`),
          ),
        ]),
  ];
}

/** Text about a grant. An attacker may control the author of the text. */
export interface UntrustedText {
  /** What the text is, for example `Reason`. */
  readonly label: string;
  readonly text: string;
  /** The author. Absent: the agent. */
  readonly by?: string;
}

/** What the requester and the reviewer wrote about a grant. */
export function untrustedTexts(
  { review, requester }: Pick<FoldedLease, 'review' | 'requester'>,
  { reason, command }: Pick<Grant, 'reason' | 'command'>,
): readonly UntrustedText[] {
  const by = requester.kind === 'person' ? { by: 'requester' } : {};
  return [
    { label: 'Reason', text: reason, ...by },
    ...(command === undefined ? [] : [{ label: 'Command', text: command, ...by }]),
    ...(review === undefined ? [] : [{ label: 'Sentence', text: review.sentence, by: 'reviewer' }]),
  ];
}

/** The reviewer's verdict with its reason. */
export function reviewText(review: FoldedLease['review']): string {
  return review === undefined ? reviewFact(review) : `${reviewFact(review)}: “${visible(review.sentence)}”`;
}

/** The reviewer's verdict without its reason. */
function reviewFact(review: FoldedLease['review']): string {
  if (review === undefined) return 'none was asked';
  const { model, decision, risk } = review;
  const came = decision === 'failed' ? 'came to no valid answer' : `says ${decision}`;
  return visible(`${model} ${came}${risk === undefined ? '' : `, ${risk} risk`}`);
}

/** The lines for one statement. */
export function permissionLines({ effect, actions, resources, conditions }: Permission): Fact['lines'] {
  return [
    [effect === 'Deny' ? 'never ' : 'may ', actions.map(solid).join(', ')],
    ...resources.map((resource) => ['  on ', solid(resource)] as const),
    ...conditionWords(conditions).map((condition) => ['  only if ', condition] as const),
  ];
}

/** One text for each condition of a statement. The statement applies only if all of them are met. */
export function conditionWords(conditions: Permission['conditions']): readonly string[] {
  return Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${solid(key)} ${solid(operator)} ${values.map(solid).join(' or ')}`),
  );
}

/** The permissions in a grant. No part of a policy may be omitted. @throws {UnshownGrant} */
function permissionsIn({ roleArn, policy }: Grant): readonly Permission[] {
  return permissionsOf({ arn: roleArn, policy }, {}, unshown);
}

/** The error for a policy that cannot be shown completely. */
export function unshown(at: string, expected: string, found: unknown): UnshownGrant {
  return new UnshownGrant(`${at} should be ${expected}, and is ${described(found)}`);
}

/** The tags and the source identity, if their values are not already shown elsewhere. */
function furtherTags(
  { tags, reason, parameters, sourceIdentity }: Grant,
  id: string,
  requester: string,
  subject: string | undefined,
): readonly (readonly [tag: string, value: string])[] {
  const shown = new Map([
    [LEASE_ID_TAG, id],
    [REASON_TAG, reasonTag(reason)],
    ['requester', requester],
    ...(subject === undefined ? [] : [['subject', subject] as const]),
    ...Object.entries(parameters).map(([name, value]) => [parameterTag(name), value] as const),
  ]);
  const missing = [...shown.keys()].filter((tag) => !Object.hasOwn(tags, tag));
  return [
    ...Object.entries(tags).filter(([tag, value]) => shown.get(tag) !== value),
    ...missing.map((tag) => [tag, '(missing)'] as const),
    ...(sourceIdentity === requester ? [] : [['source identity', sourceIdentity] as const]),
  ];
}
