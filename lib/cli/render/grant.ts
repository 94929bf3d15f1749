/** A grant for whoever answers for it: every value that its hash covers, as it stands there. */

import type { Grant, Lease } from '@leasehold/broker';
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
import { left, moment, spoken } from './moment';
import { count } from './text';

/** What a manifest tells of the roles that a lease hands on. */
type HandingRole = Pick<RoleEntry, 'access' | 'passes' | 'assumes'>;

/** What stands beside a grant that waits for an answer. */
export interface Waiting {
  readonly lease: Lease;
  readonly proposal: NonNullable<Lease['proposal']>;
  /** What the role is for; undefined where nobody says. */
  readonly purpose: string | undefined;
  /** What the stack tells of the role; undefined where there is no manifest. */
  readonly entry?: HandingRole;
  /** Seconds since 1970. */
  readonly now: number;
}

/** Everything that an approver has to know, the hash last. @throws LeaseError for permissions that cannot be shown whole */
export function renderWaiting(waiting: Waiting, paint: Paint, columns?: number): string {
  const { lease, proposal, purpose, now } = waiting;
  const { approvals, review, asked } = lease;
  const { grant, humans, approvers, until, hash } = proposal;
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

/** What programs wrote that may obey an attacker: below the facts, every line marked. */
export function renderWords(words: readonly AgentText[], columns?: number): string {
  return agentLines(words, (columns ?? WIDTH + INDENT) - INDENT)
    .map((line) => `${' '.repeat(INDENT)}${line}\n`)
    .join('');
}

/** Columns of such words in what goes to no terminal, and before them. */
const WIDTH = 80;
const INDENT = 2;

/** What the agent says of a grant, and the reviewer. */
export function wordsOf(
  { review }: Pick<Lease, 'review'>,
  { reason, command }: Pick<Grant, 'reason' | 'command'>,
): readonly AgentText[] {
  return [
    { label: 'Reason', text: reason },
    ...(command === undefined ? [] : [{ label: 'Command', text: command }]),
    ...(review === undefined ? [] : [{ label: 'Sentence', text: review.sentence, by: 'reviewer' }]),
  ];
}

/**
 * The values of a grant. What its tags only repeat is left out; whatever else stands in them is shown.
 * @throws LeaseError `denied` for permissions that cannot be shown whole
 */
export function grantFacts(
  grant: Grant,
  { id, requester, subject }: Lease,
  purpose?: string,
  entry?: HandingRole,
): readonly Fact[] {
  const permissions = permissionsIn(grant);
  const { noticesOf } = require('@leasehold/runtime/internal') as typeof import('@leasehold/runtime/internal');
  const notices = noticesOf(permissions, entry);
  const { project, environment, account, role, roleArn, parameters, seconds } = grant;
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
    fact('Permissions', ...permissions.flatMap(permissionLines)),
    ...(notices.length === 0 ? [] : [fact('Notice', ...notices.map(visible))]),
    ...(further.length === 0
      ? []
      : [fact('Tagged', ...further.map(([tag, value]) => `${visible(tag)} = ${solid(value)}`))]),
  ];
}

/** What a reviewer came to, with the sentence that it gives for it. */
export function reviewText(review: Lease['review']): string {
  return review === undefined ? reviewFact(review) : `${reviewFact(review)}: “${visible(review.sentence)}”`;
}

/** The same without its sentence. */
function reviewFact(review: Lease['review']): string {
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

/** Nothing of a policy may be left out, so what the reader of policies does not know is a refusal. */
function permissionsIn({ roleArn, policy }: Grant): readonly Permission[] {
  try {
    return permissionsOf({ arn: roleArn, policy }, {});
  } catch (error) {
    if (!(error instanceof LeaseError)) throw error;
    throw new LeaseError(
      'denied',
      `the permissions of the lease cannot be shown whole: ${error.message}`,
      'Approve nothing that you cannot see: deny it, and tell an administrator.',
      false,
    );
  }
}

/** Tags, and a source identity, that say something else than what is shown. */
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
