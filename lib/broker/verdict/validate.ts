/**
 * The validator: deterministic code that makes the final decision. A reviewer can only deny, narrow or escalate, even
 * if an attacker controls its answer. An answer that exceeds the offer is rejected as a whole. It is never reduced to a
 * grant that nobody selected.
 */
import { buildGrant, type GrantContext, type GrantProblem, type Selection } from '../grant/build-grant';
import type { Grant } from '../grant/grant';
import type { BrokeredRole } from '../rules';
import { readAnswer } from './answer';

/** The requested scope, after its format was checked. */
export type RequestedScope =
  | (Selection & { readonly by: 'role'; readonly role: string })
  /** The reviewer selects the role, the actions and the parameters. */
  | { readonly by: 'intent' };

/** One request, and all permissions that the requester may get. */
export interface Offer extends GrantContext {
  readonly asked: RequestedScope;
  /** The roles for which the requester is eligible. */
  readonly roles: readonly BrokeredRole[];
}

/** The result of validating an answer. */
export type Validated = Granted | Invalid | { readonly kind: 'denied'; readonly because: string };

/** A grant that lies within its role. */
export interface Granted {
  readonly kind: 'grant';
  readonly grant: Grant;
  /** Number of people who must approve. */
  readonly humans: number;
  readonly brokered: BrokeredRole;
}

/**
 * An answer that cannot result in a grant. The fault is reported to the requester. It is also reported to the reviewer,
 * so that the reviewer can try again.
 */
export interface Invalid {
  readonly kind: 'invalid';
  readonly problems: readonly GrantProblem[];
}

/** Validates a reviewer's answer. */
export function validate(answer: unknown, offer: Offer): Validated {
  const read = readAnswer(answer);
  if ('faults' in read) return invalid(read.faults.map((fault) => `The answer does not fit its schema: ${fault}`));
  if (read.decision === 'deny') return { kind: 'denied', because: read.sentence };

  const { asked } = offer;
  if (asked.by === 'role') {
    if (read.role !== asked.role) return invalid([`The request is for \`${asked.role}\`, not for \`${read.role}\`.`]);
    if (!sameValues(read.parameters, asked.parameters)) {
      return invalid(['The parameters come from the request, and the reviewer cannot change these parameters.']);
    }
  }
  const seconds = Math.min(Math.ceil(read.minutes * 60), asked.by === 'role' ? (asked.seconds ?? Infinity) : Infinity);
  const outside = asked.by === 'role' ? read.actions.filter((action) => asked.actions?.includes(action) === false) : [];
  if (outside.length > 0) return invalid([`The request does not ask for \`${outside.join('`, `')}\`.`]);
  const { parameters, actions } = read;
  return granted(offer, read.role, { parameters, actions, seconds }, read.decision);
}

/** The grant for a request without a reviewer. */
export function withoutReviewer(offer: Offer): Granted | Invalid {
  const { asked } = offer;
  if (asked.by === 'intent')
    return invalid(['A request by intent does not specify a role, so it needs a reviewer that picks the role.']);
  return granted(offer, asked.role, asked, 'allow');
}

function granted(offer: Offer, name: string, selection: Selection, decision: 'allow' | 'escalate'): Granted | Invalid {
  const brokered = offer.roles.find(({ role }) => role.name === name);
  if (brokered === undefined) return invalid([`\`${name}\` is not one of the offered roles.`]);
  const built = buildGrant(offer, brokered, selection);
  if (built.kind === 'refused') return { kind: 'invalid', problems: built.problems };
  // Escalation requires one more person than the role itself requires, and at least one.
  const humans = decision === 'escalate' ? brokered.humans + 1 : brokered.humans;
  return { kind: 'grant', grant: built.grant, humans, brokered };
}

function sameValues(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => Object.hasOwn(one, key) && Object.hasOwn(other, key) && one[key] === other[key]);
}

function invalid(messages: readonly string[]): Invalid {
  return { kind: 'invalid', problems: messages.map((message) => ({ code: 'invalid-request', message })) };
}
