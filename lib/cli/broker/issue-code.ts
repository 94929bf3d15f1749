/** Issues the one-time code with which the first administrator registers a passkey. */
import { randomBytes } from 'node:crypto';
import {
  CODE_BYTES,
  canSignCodes,
  codeUntil,
  foldKeys,
  isUsableAt,
  type KeyEvent,
  keyRecordOf,
  oneTimeCode,
  usableCode,
} from '@leasehold/broker/core';
import type { NonceAnswer } from '@leasehold/contract/consent';
import { shellOperand, visible } from '@leasehold/contract/text';
import { CONSOLE_PATH } from '@leasehold/documents';
import { LeaseError } from '@leasehold/runtime';
import { BrokerProblem } from '@leasehold/runtime/broker';
import type { BrokerPlace } from './broker-location';
import type { OpenBroker } from './open';
import { fetchPasskeys, peopleOf } from './passkeys';

/** A code that was issued. */
export interface IssuedCode {
  readonly person: string;
  /** The code is secret: anybody who has it can register the person's first passkey. */
  readonly code: string;
  /** Time at which the code expires, in seconds since 1970. */
  readonly until: number;
  /** The page on which the person enters the code. */
  readonly enterAt: string;
  /** The environment, as it is in signatures. */
  readonly environment: string;
  /** The fields by which the alert identifies this code. */
  readonly alert: { readonly outcome: 'code-issued'; readonly lease: string; readonly requester: string };
  /** Whether an earlier code of the person became invalid. */
  readonly replaced: boolean;
}

/**
 * Issues a code for the first administrator. Nobody can sign this code. Every other code is issued in the console.
 * @param seconds How long the code is valid.
 * @throws LeaseError, BrokerProblem
 */
export async function issueFirstCode(
  { client, place }: OpenBroker,
  person: string,
  seconds: number,
  now: number,
  signal: AbortSignal,
): Promise<IssuedCode> {
  const nonce = await client.nonce({ signal });
  const { environment, relyingParty } = nonce;
  const console = consoleOf(place, nonce);
  const verified = await fetchPasskeys(client, [person], nonce, now, signal);
  const [before] = verified.people;
  if (before === undefined || before.kind === 'broken') throw brokenRecord(person, before?.because ?? '');
  if (before.keys.some((key) => isUsableAt(key, relyingParty))) {
    throw new LeaseError(
      'denied',
      `${visible(person)} has a passkey, and a code is only for the first one`,
      `The person can register more passkeys without an administrator, at ${console}/passkeys. If the person loses all passkeys, first remove these passkeys at ${console}/people.`,
      false,
    );
  }
  const { code, hash } = oneTimeCode(randomBytes(CODE_BYTES));
  const until = codeUntil(nonce, seconds);
  const { events, unauthentic } = await client
    .issueCode(person, { code: hash, until, administrator: true }, { signal })
    .catch(async (error: unknown) => {
      throw (await needsConsole(error, client, nonce, now, signal))
        ? new LeaseError(
            'denied',
            'a code must be signed with the passkey of an administrator, and a command line cannot use passkeys',
            `Issue the code in the console: ${console}/people.`,
            false,
          )
        : error;
    });
  if (unauthentic !== undefined) throw brokenRecord(person, 'The broker did not write all events of this record.');
  const folded = foldKeys(person, environment, events as unknown as readonly KeyEvent[]);
  if (usableCode(folded, codeUntil(nonce, 0))?.hash !== hash) {
    throw brokenRecord(person, 'The record does not contain the code that this command sent.');
  }
  return {
    person,
    code,
    until,
    enterAt: `${console}/passkeys`,
    environment,
    alert: { outcome: 'code-issued', lease: keyRecordOf(person), requester: person },
    replaced: before.code !== undefined,
  };
}

/**
 * The console at which the code is entered. The broker states the console's origin, because passkeys are bound to the
 * origin. If the manifest contains another origin, somebody could be led to a page that does not belong to the console.
 * @throws LeaseError `denied`
 */
function consoleOf({ console, manifest }: BrokerPlace, { relyingParty: { origin } }: NonceAnswer): string {
  if (new URL(console).origin === origin) return console;
  if (manifest?.broker?.console === console) {
    throw new LeaseError(
      'denied',
      `the passkeys of this broker belong to ${visible(origin)}, and the manifest names the console ${console}`,
      'Generate the manifest again from the deployed stack. If the addresses still differ, do not give the code to anybody.',
      false,
    );
  }
  return `${visible(origin)}${CONSOLE_PATH}`;
}

/** Whether the broker requires a signature that can be made in the console, because an administrator has a passkey. */
async function needsConsole(
  error: unknown,
  client: OpenBroker['client'],
  nonce: NonceAnswer,
  now: number,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(error instanceof BrokerProblem) || error.problem.code !== 'consent-required') return false;
  const { people } = await fetchPasskeys(client, await peopleOf(client, signal), nonce, now, signal);
  return people.some((each) => canSignCodes(each, nonce.relyingParty));
}

function brokenRecord(person: string, because: string): LeaseError {
  return new LeaseError(
    'denied',
    `the record of ${visible(person)}'s passkeys is not valid: ${visible(because)}`,
    `Do not give the code to anybody, and find out what happened: leasehold passkeys list ${shellOperand(person)}.`,
    false,
  );
}
