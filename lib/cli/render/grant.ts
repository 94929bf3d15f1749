/** Shows a grant to an approver: every value that the grant's hash covers, unchanged. */

import type { FoldedLease, Grant } from '@leasehold/broker';
import { solid, visible } from '@leasehold/contract/text';
import { LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents';
import {
  type AgentText,
  agentLines,
  LeaseError,
  type Permission,
  permissionsOf,
  type RoleEntry,
} from '@leasehold/runtime';
import type { Paint } from '../colour';
import { type Fact, renderFacts } from './facts';
import { demandKnownTexts, managedLines } from './managed';
import { count } from './text';
import { left, moment, spoken } from './times';

/** The parts of a manifest entry that describe which roles the lease can pass or assume. */
type HandingRole = Pick<RoleEntry, 'access' | 'passes' | 'assumes'>;

/** A grant that needs an approval, with its context. */
export interface Waiting {
  readonly lease: FoldedLease;
  readonly proposal: NonNullable<FoldedLease['proposal']>;
  /** The purpose of the role. Undefined if the role's definition does not state a purpose. */
  readonly purpose: string | undefined;
  /** The role's entry in the stack's manifest. Undefined if there is no manifest. */
  readonly entry?: HandingRole;
  /** The current time in seconds since 1970. */
  readonly now: number;
}

/**
 * All facts that an approver needs, with the hash at the end.
 * @throws LeaseError if the permissions cannot be shown completely
 */
export function renderWaiting(waiting: Waiting, paint: Paint, columns?: number): string {
  const { lease, proposal, purpose, now } = waiting;
  const { approvals, review, asked } = lease;
  const { grant, humans, approvers, until, hash } = proposal;
  demandKnownTexts(grant);
  const others = approvers.filter((name) => !approvals.includes(name));
  const yes = approvals.length === 0 ? '' : `: ${approvals.map(visible).join(', ')}`;
  const facts: readonly Fact[] = [
    ...grantFacts(grant, lease, purpose, waiting.entry),
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
  const title = paint('bold', `${visible(lease.id)} waits for an answer`);
  return `${title}\n\n${renderFacts(facts, paint, columns)}\n${renderWords(wordsOf(lease, grant), columns)}`;
}

/** Texts from programs that an attacker may control. They are shown below the facts, with a mark on every line. */
export function renderWords(words: readonly AgentText[], columns?: number): string {
  return agentLines(words, (columns ?? WIDTH + INDENT) - INDENT)
    .map((line) => `${' '.repeat(INDENT)}${line}\n`)
    .join('');
}

/** Width and indentation, in columns, of text from programs when the output is not a terminal. */
const WIDTH = 80;
const INDENT = 2;

/** What the agent and the reviewer wrote about a grant. */
export function wordsOf(
  { review }: Pick<FoldedLease, 'review'>,
  { reason, command }: Pick<Grant, 'reason' | 'command'>,
): readonly AgentText[] {
  return [
    { label: 'Reason', text: reason },
    ...(command === undefined ? [] : [{ label: 'Command', text: command }]),
    ...(review === undefined ? [] : [{ label: 'Sentence', text: review.sentence, by: 'reviewer' }]),
  ];
}

/**
 * The values of a grant. Tags that only repeat a shown value are omitted; all other tags are shown.
 * @throws LeaseError `denied` if the permissions cannot be shown completely
 */
export function grantFacts(
  grant: Grant,
  { id, requester, subject }: FoldedLease,
  purpose?: string,
  entry?: HandingRole,
): readonly Fact[] {
  const permissions = permissionsIn(grant);
  const { noticesOf } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const notices = noticesOf(permissions, entry);
  const { project, environment, account, role, roleArn, parameters, seconds } = grant;
  const managed = managedLines(grant);
  const asked = Object.entries(parameters);
  const further = furtherTags(grant, id, requester.name, subject?.sub);
  const fact = (label: string, ...lines: Fact['lines']): Fact => ({ label, lines });
  return [
    fact(
      'Who',
      visible(`${requester.name}, ${requester.kind === 'agent' ? 'an agent' : 'a person'}`),
      visible(`account ${requester.key}`),
    ),
    ...(subject === undefined
      ? []
      : [fact('On behalf of', visible(subject.sub), visible(`known to ${subject.issuer}`))]),
    fact('Where', visible(`${project} ${environment}, account ${account}`)),
    fact('Role', visible(purpose === undefined ? role : `${role}: ${purpose}`), visible(roleArn)),
    ...(asked.length === 0
      ? []
      : [fact('Parameters', ...asked.map(([name, value]) => `${solid(name)} = ${solid(value)}`))]),
    fact('Length', `${spoken(seconds)} from when it is collected`),
    ...(permissions.length === 0 ? [] : [fact('Permissions', ...permissions.flatMap(permissionLines))]),
    ...(managed.length === 0 ? [] : [fact('Policies', ...managed)]),
    ...(notices.length === 0 ? [] : [fact('Notice', ...notices.map(visible))]),
    ...(further.length === 0
      ? []
      : [fact('Tagged', ...further.map(([tag, value]) => `${visible(tag)} = ${solid(value)}`))]),
  ];
}

/** The reviewer's verdict with its reason. */
export function reviewText(review: FoldedLease['review']): string {
  return review === undefined ? reviewFact(review) : `${reviewFact(review)}: “${visible(review.sentence)}”`;
}

/** The reviewer's verdict, without the reason for it. */
function reviewFact(review: FoldedLease['review']): string {
  if (review === undefined) return 'none was asked';
  const { model, decision, risk } = review;
  const came = decision === 'failed' ? 'came to no valid answer' : `says ${decision}`;
  return visible(`${model} ${came}${risk === undefined ? '' : `, ${risk} risk`}`);
}

function permissionLines({ effect, actions, resources, conditions }: Permission): Fact['lines'] {
  const when = Object.entries(conditions).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => `${solid(key)} ${solid(operator)} ${values.map(solid).join(' or ')}`),
  );
  return [
    [effect === 'Deny' ? 'never ' : 'may ', actions.map(solid).join(', ')],
    ...resources.map((resource) => ['  on ', solid(resource)] as const),
    ...when.map((condition) => ['  only if ', condition] as const),
  ];
}

/**
 * The permissions in a grant. No part of a policy may be omitted, so an error is thrown for an element that the parser
 * does not support.
 */
function permissionsIn({ roleArn, policy }: Grant): readonly Permission[] {
  try {
    return permissionsOf({ arn: roleArn, policy }, {});
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    throw new LeaseError(
      'denied',
      `the permissions of the lease cannot be shown whole: ${error.message}`,
      'Do not approve anything that you cannot see: deny the lease, and tell an administrator.',
      false,
    );
  }
}

/** Tags and the source identity, unless their values are shown elsewhere. */
function furtherTags(
  { tags, reason, parameters, sourceIdentity }: Grant,
  id: string,
  requester: string,
  subject: string | undefined,
): readonly (readonly [tag: string, value: string])[] {
  const { reasonTag } = require('@leasehold/contract') as typeof import('@leasehold/contract');
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
