/**
 * Verifies the records of people's keys without the broker. Each change of keys is signed: a code by an administrator's
 * key, an additional key by an earlier key of the person, a removal by the person who removes the key. Only the first
 * code in an environment is unsigned. The key that was registered with this code is the root of trust. An auditor
 * compares the root's thumbprint with the thumbprint noted at enrollment.
 */
import { keyEvent, type Passkey } from '@leasehold/contract/consent';
import { KeyFault } from './key-fault';
import {
  appendKey,
  type KeyEvent,
  keyRecordOf,
  keyStatement,
  noKeys,
  type PersonKeys,
  type RecordedKey,
  thumbprint,
} from './key-record';
import { type SignatureFault, verifySignature } from './signature';
import { challengeOf } from './statement';

/** The record of a person's keys as it was received, unverified. */
export interface ReceivedKeys {
  readonly person: string;
  readonly events: readonly unknown[];
  /** Sequence numbers of the events that, as the broker reports, its function did not write. */
  readonly unauthentic?: readonly number[] | undefined;
}

/** A key whose registration was verified. */
export interface TrustedKey extends RecordedKey {
  readonly person: string;
  readonly thumbprint: string;
}

/** The result for all records. */
export interface VerifiedKeys {
  /** Every verified key, by its name: {@link keyName}. */
  readonly keys: ReadonlyMap<string, TrustedKey>;
  /** For each person whose record is not trusted, the reason in one sentence. */
  readonly broken: ReadonlyMap<string, string>;
  /**
   * The keys that the auditor must trust without verification, because the trust in all other keys depends on these
   * keys.
   */
  readonly roots: readonly TrustedKey[];
}

/**
 * The name of a key: its owner and its credential id. The id alone does not identify a key: an authenticator chooses
 * the id, so another person's record can contain the same id.
 */
export function keyName(person: string, credential: string): string {
  return `${credential} ${person}`;
}

/** An event that cannot be verified until the key of its signer is verified. */
interface Step {
  readonly person: string;
  readonly before: PersonKeys;
  readonly event: KeyEvent;
}

/**
 * Verifies all records together, because administrators sign for other people.
 * @param roots Thumbprints that the auditor trusts. Default: the key that was registered with the earliest unsigned
 *   code.
 */
export async function verifyKeys(
  received: readonly ReceivedKeys[],
  environment: string,
  roots?: readonly string[],
): Promise<VerifiedKeys> {
  const broken = new Map<string, string>();
  const waiting = new Map<string, Step[]>();
  const recorded = new Map<string, TrustedKey>();
  for (const { person, events, unauthentic } of received) {
    const read = readKeys(person, environment, events, unauthentic);
    if (waiting.has(person) || read.because !== undefined) {
      broken.set(person, read.because ?? 'There are two records of this person.');
      continue;
    }
    waiting.set(person, [...read.steps]);
    for (const each of read.keys) {
      recorded.set(keyName(person, each.key.id), { ...each, person, thumbprint: thumbprint(each.key.publicKey) });
    }
  }
  const permitted = roots ?? earliestRoot(waiting);
  const keys = new Map<string, TrustedKey>();
  const found: TrustedKey[] = [];

  // Repeats until nothing more can be verified. So records that vouch for each other in a circle stay untrusted.
  for (let progress = true; progress; ) {
    progress = false;
    for (const [person, steps] of waiting) {
      while (!broken.has(person) && steps[0] !== undefined) {
        const [step] = steps;
        const verdict = await verifyStep(step, { keys, recorded, permitted });
        if (verdict.kind === 'waits') break;
        if (verdict.kind === 'broken') {
          broken.set(person, `Event ${step.event.sequence}: ${verdict.because}`);
          break;
        }
        const { body } = step.event;
        if (body.type === 'key-registered') {
          const name = keyName(person, body.key.id);
          const trusted = recorded.get(name);
          if (trusted !== undefined) keys.set(name, trusted);
          if (verdict.root && trusted !== undefined) found.push(trusted);
        }
        steps.shift();
        progress = true;
      }
    }
  }
  for (const [person, [step]] of waiting) {
    if (step !== undefined && !broken.has(person)) {
      broken.set(person, `Event ${step.event.sequence} was not signed with any verified key.`);
    }
  }
  for (const [name, { person }] of keys) if (broken.has(person)) keys.delete(name);
  return { keys, broken, roots: found };
}

/** Reads a record strictly and checks its numbers, chain and rules, but not its signatures. */
function readKeys(
  person: string,
  environment: string,
  events: readonly unknown[],
  unauthentic: readonly number[] = [],
): { readonly keys: readonly RecordedKey[]; readonly steps: readonly Step[]; readonly because?: string } {
  const steps: Step[] = [];
  let state = noKeys(person, environment);
  for (const each of events) {
    const place = steps.length + 1;
    try {
      const { success } = keyEvent.safeParse(each);
      if (!success) throw new KeyFault('malformed', `Event ${place} of ${keyRecordOf(person)} cannot be read.`);
      if (unauthentic.includes(place)) {
        throw new KeyFault('unauthentic', `Event ${place} was not written by the broker's function.`);
      }
      // The event as it was received, because the hash covers the received event.
      const event = each as KeyEvent;
      steps.push({ person, before: state, event });
      state = appendKey(state, event);
    } catch (error) {
      const because = error instanceof KeyFault ? error.message : `Event ${place} cannot be read.`;
      return { keys: state.keys, steps, because };
    }
  }
  return { keys: state.keys, steps };
}

type Verdict =
  | { readonly kind: 'valid'; readonly root: boolean }
  | { readonly kind: 'broken'; readonly because: string }
  | { readonly kind: 'waits' };

interface Known {
  readonly keys: ReadonlyMap<string, TrustedKey>;
  readonly recorded: ReadonlyMap<string, TrustedKey>;
  readonly permitted: readonly string[];
}

async function verifyStep({ person, before, event }: Step, { keys, recorded, permitted }: Known): Promise<Verdict> {
  const { body, at } = event;
  if (body.type === 'code-refused') return { kind: 'valid', root: false };
  // Nobody could sign the first code. The key registered with this code is trusted only as a root.
  if (body.type === 'code-issued' && body.assertion === undefined) return { kind: 'valid', root: false };
  const { assertion } = body as Extract<typeof body, { assertion?: unknown }>;
  const statement = keyStatement(before, body);
  if (assertion === undefined || statement === undefined) return { kind: 'broken', because: 'It is not signed.' };

  const first = body.type === 'key-registered' && body.code !== undefined;
  if (first && before.unsigned && !permitted.includes(thumbprint(body.key.publicKey))) {
    return { kind: 'broken', because: 'The event registers a key with a code that no administrator signed.' };
  }
  const { approver } = statement;
  const name = keyName(approver, assertion.credential);
  const signer = first ? { key: body.key } : keys.get(name);
  if (signer === undefined) {
    return recorded.has(name)
      ? { kind: 'waits' }
      : { kind: 'broken', because: `The signing key is not in any record of ${approver}.` };
  }
  if (!first) {
    const { administrator, registeredAt, removedAt } = signer as TrustedKey;
    const self = body.type === 'key-registered' || (body.type === 'key-removed' && body.by === person);
    if (!self && !administrator) return { kind: 'broken', because: `${approver} was not an administrator.` };
    if (at < registeredAt || at > (removedAt ?? Number.POSITIVE_INFINITY)) {
      return { kind: 'broken', because: 'The signing key was not valid at the time of the signature.' };
    }
  }
  const { publicKey, relyingParty } = signer.key;
  const result = await verifySignature(assertion, {
    publicKey,
    relyingParty,
    challenge: challengeOf(assertion.nonce, statement),
  });
  return result.kind === 'valid'
    ? { kind: 'valid', root: first && before.unsigned }
    : { kind: 'broken', because: SIGNATURE_WORDS[result.fault] };
}

/**
 * The thumbprint of the key that was registered with the earliest unsigned code. If two codes are equally early, none
 * is returned.
 */
function earliestRoot(waiting: ReadonlyMap<string, readonly Step[]>): readonly string[] {
  const found: { at: number; key: Passkey }[] = [];
  for (const steps of waiting.values()) {
    for (const { before, event } of steps) {
      const { body, at } = event;
      if (body.type === 'key-registered' && body.code !== undefined && before.unsigned) {
        found.push({ at, key: body.key });
      }
    }
  }
  found.sort((a, b) => a.at - b.at);
  const [first, second] = found;
  return first === undefined || first.at === second?.at ? [] : [thumbprint(first.key.publicKey)];
}

/** A text for each fault of a signature. */
export const SIGNATURE_WORDS: Readonly<Record<SignatureFault, string>> = {
  malformed: 'The signature cannot be read.',
  'another-ceremony': 'The signature was made for a different kind of request.',
  'another-statement': 'The passkey signed another statement.',
  'another-origin': 'The passkey was used on another page.',
  framed: 'The passkey was used in a frame that is embedded in another page.',
  'another-relying-party': 'The passkey was used for another site.',
  'user-absent': 'Nobody confirmed on the device.',
  'user-not-verified': 'The device did not verify the person.',
  'wrong-signature': 'The signature does not come from the key.',
};
