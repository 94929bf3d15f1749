/**
 * The validator: deterministic code that has the last word. A reviewer, even one that obeys an attacker, can deny, narrow
 * or escalate; what it asks for beyond that is refused, never trimmed into something that nobody meant.
 */
import { defined } from '@leasehold/contract/defined';
import { buildGrant, type GrantProblem } from '../grant/build-grant';
import type { Grant } from '../grant/grant';
import type { Requester, Subject } from '../identity';
import type { BrokeredRole } from '../rules';
import { readAnswer } from './answer';

/** What a requester asked for, checked for its form. */
export type Asked =
  | {
      readonly by: 'role';
      readonly role: string;
      readonly parameters: Readonly<Record<string, string>>;
      readonly seconds?: number;
      readonly actions?: readonly string[];
    }
  /** The reviewer picks role, actions and parameters. */
  | { readonly by: 'intent' };

/** One request, and everything that this requester may ever have. */
export interface Offer {
  readonly lease: string;
  readonly requester: Requester;
  readonly subject?: Subject;
  readonly reason: string;
  readonly reasonTag: string;
  /** What will run with the lease, as the requester says. */
  readonly command?: string;
  readonly asked: Asked;
  /** The roles that the requester is eligible for. */
  readonly roles: readonly BrokeredRole[];
}

/** What the validator makes of an answer. */
export type Validated =
  | { readonly kind: 'grant'; readonly grant: Grant; readonly humans: number; readonly brokered: BrokeredRole }
  | { readonly kind: 'denied'; readonly because: string }
  /** Told to the reviewer for another try. */
  | { readonly kind: 'invalid'; readonly problems: readonly GrantProblem[] };

/** Judges a reviewer's answer. */
export function validate(answer: unknown, offer: Offer): Validated {
  const read = readAnswer(answer);
  if ('faults' in read) return invalid(...read.faults.map((fault) => `The answer does not fit its schema: ${fault}`));
  if (read.decision === 'deny') return { kind: 'denied', because: read.sentence };

  const { asked } = offer;
  if (asked.by === 'role') {
    if (read.role !== asked.role) return invalid(`The request is for \`${asked.role}\`, not for \`${read.role}\`.`);
    if (!sameValues(read.parameters, asked.parameters)) {
      return invalid('The parameters are those of the request, and stay as they are.');
    }
  }
  const seconds = Math.min(Math.ceil(read.minutes * 60), asked.by === 'role' ? (asked.seconds ?? Infinity) : Infinity);
  const outside = asked.by === 'role' ? read.actions.filter((action) => asked.actions?.includes(action) === false) : [];
  if (outside.length > 0) return invalid(`The request does not ask for \`${outside.join('`, `')}\`.`);
  return granted(offer, read.role, { parameters: read.parameters, actions: read.actions, seconds }, read.decision);
}

/** The grant of a request that no reviewer looks at. */
export function withoutReviewer(offer: Offer): Validated {
  const { asked } = offer;
  if (asked.by === 'intent') return invalid('A request by intent needs a reviewer that picks the role.');
  const { role, parameters, seconds, actions } = asked;
  const chosen = { parameters, ...defined({ actions, seconds }) };
  return granted(offer, role, chosen, 'allow');
}

function granted(
  { roles, lease, requester, subject, reason, reasonTag, command }: Offer,
  name: string,
  chosen: {
    readonly parameters: Readonly<Record<string, string>>;
    readonly actions?: readonly string[];
    readonly seconds?: number;
  },
  decision: 'allow' | 'escalate',
): Validated {
  const brokered = roles.find(({ role }) => role.name === name);
  if (brokered === undefined) return invalid(`\`${name}\` is none of the roles that are offered.`);
  const who = { lease, brokered, requester, ...defined({ subject, command }), reason, reasonTag };
  const built = buildGrant({ ...who, ...chosen });
  if (built.kind === 'refused') return { kind: 'invalid', problems: built.problems };
  // To escalate asks one human at least, and one more than the role asks by itself.
  const humans = decision === 'escalate' ? brokered.humans + 1 : brokered.humans;
  return { kind: 'grant', grant: built.grant, humans, brokered };
}

function sameValues(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => Object.hasOwn(one, key) && Object.hasOwn(other, key) && one[key] === other[key]);
}

function invalid(...messages: readonly string[]): Validated {
  return { kind: 'invalid', problems: messages.map((message) => ({ code: 'invalid-request', message })) };
}
