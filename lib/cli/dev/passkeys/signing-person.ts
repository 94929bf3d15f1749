/** People who sign with virtual passkeys: what the console does in a browser, for tests and demos. */
import { randomBytes } from 'node:crypto';
import {
  CODE_BYTES,
  challengeOf,
  codeHash,
  codeUntil,
  creationStatement,
  decisionOf,
  type EventBody,
  foldKeys,
  type KeyEvent,
  keyStatement,
  oneTimeCode,
  type PersonKeys,
  readRecord,
  type Statement,
  thumbprint,
} from '@leasehold/broker/core';
import type { LeaseView } from '@leasehold/contract';
import type { Consent, NonceAnswer } from '@leasehold/contract/consent';
import { visible } from '@leasehold/contract/text';
import type { BrokerClient } from '@leasehold/runtime/broker';
import { SandboxError } from '@leasehold/sandbox';
import { VirtualPasskey } from './virtual-passkey';

/** Options of a one-time code. */
export interface CodeOptions {
  /** How long the code is valid. @default 3600 */
  readonly seconds?: number;
  /** Whether the person's passkeys may sign for other people. @default false */
  readonly administrator?: boolean;
}

/**
 * Issues a one-time code without a signature. The broker accepts it only for an administrator, and only while no
 * administrator has a passkey.
 * @param client The broker, as an administrator calls it.
 * @throws BrokerProblem, and SandboxError if the console is not on `localhost`
 */
export async function issueFirstTestCode(
  client: BrokerClient,
  person: string,
  { seconds = 3600 }: Pick<CodeOptions, 'seconds'> = {},
): Promise<string> {
  const nonce = await localNonce(client);
  const { code, hash } = oneTimeCode(randomBytes(CODE_BYTES));
  await client.issueCode(person, { code: hash, until: codeUntil(nonce, seconds), administrator: true });
  return code;
}

/** A person with a registered virtual passkey, for a broker whose console is on `localhost`. */
export class SigningPerson {
  readonly #client: BrokerClient;
  readonly #passkey: VirtualPasskey;

  private constructor(client: BrokerClient, passkey: VirtualPasskey) {
    this.#client = client;
    this.#passkey = passkey;
  }

  /**
   * Registers the person's first passkey.
   * @param client The broker, as the person calls it.
   * @param code The one-time code.
   * @throws BrokerProblem, and SandboxError if the console is not on `localhost`
   */
  static async register(client: BrokerClient, code: string, label = 'Virtual passkey'): Promise<SigningPerson> {
    const nonce = await localNonce(client);
    const { relyingParty, person } = nonce;
    const passkey = new VirtualPasskey(relyingParty);
    const keys = await keysOf(client, person, nonce);
    const { id, publicKey } = passkey;
    const key = { id, publicKey, label, counter: 0, synced: false, relyingParty };
    const body = { type: 'key-registered', key, code: codeHash(code) } as const;
    await client.registerKey(person, {
      label,
      creation: passkey.create(challengeOf(nonce.nonce, creationStatement(keys))),
      code,
      consent: signed(passkey, nonce, statementOf(keys, body)),
    });
    return new SigningPerson(client, passkey);
  }

  /** Thumbprint of the public key, as `leasehold audit` prints it. */
  get thumbprint(): string {
    return thumbprint(this.#passkey.publicKey);
  }

  /** The same person and passkey with another session. @param client The broker, as the person calls it. */
  signedInAgain(client: BrokerClient): SigningPerson {
    return new SigningPerson(client, this.#passkey);
  }

  /** Issues a one-time code for another person, as an administrator. @throws BrokerProblem */
  async issueCode(person: string, { seconds = 3600, administrator = false }: CodeOptions = {}): Promise<string> {
    const client = this.#client;
    const nonce = await localNonce(client);
    const { relyingParty, person: by } = nonce;
    const { code, hash } = oneTimeCode(randomBytes(CODE_BYTES));
    const body = { code: hash, until: codeUntil(nonce, seconds), administrator };
    const keys = await keysOf(client, person, nonce);
    const statement = statementOf(keys, { type: 'code-issued', by, relyingParty, ...body });
    await client.issueCode(person, { ...body, consent: signed(this.#passkey, nonce, statement) });
    return code;
  }

  /** Approves the current grant of a lease. @throws BrokerProblem */
  async approve(lease: string): Promise<LeaseView> {
    const nonce = await localNonce(this.#client);
    const folded = await foldedLease(this.#client, lease);
    const { hash } = folded.proposal ?? {};
    if (hash === undefined) throw new TypeError(`the lease ${lease} has no grant to approve`);
    const decision: EventBody = { type: 'approved', by: { name: nonce.person }, hash };
    const statement = decisionOf(folded, decision);
    if (statement === undefined) throw new TypeError(`the lease ${lease} cannot be approved`);
    return this.#client.approve(lease, { hash, consent: signed(this.#passkey, nonce, statement) });
  }
}

/**
 * A nonce of a broker whose console is on this machine. A key in the memory of a program must never become the passkey
 * of a person at another console.
 */
async function localNonce(client: BrokerClient): Promise<NonceAnswer> {
  const nonce = await client.nonce();
  const { id } = nonce.relyingParty;
  if (id === 'localhost') return nonce;
  throw new SandboxError(
    `Virtual passkeys work only with a console on localhost, and the console of this broker is at ${visible(id)}.`,
    'Call a broker of `startDev` or `leasehold dev`. At any other broker, register a passkey in its console.',
  );
}

async function keysOf(client: BrokerClient, person: string, { environment }: NonceAnswer): Promise<PersonKeys> {
  const { events } = await client.keys(person);
  return foldKeys(person, environment, events as unknown as readonly KeyEvent[]);
}

async function foldedLease(client: BrokerClient, lease: string) {
  const { events } = await client.events(lease);
  const record = readRecord(lease, events);
  if (record.kind === 'broken') throw new TypeError(`the record of ${lease} is not valid: ${record.because}`);
  return record.lease;
}

function statementOf(keys: PersonKeys, body: Parameters<typeof keyStatement>[1]): Statement {
  const statement = keyStatement(keys, body);
  if (statement === undefined) throw new TypeError(`nothing to sign for ${body.type}`);
  return statement;
}

function signed(passkey: VirtualPasskey, { nonce, ticket }: NonceAnswer, statement: Statement): Consent {
  return { assertion: passkey.sign(challengeOf(nonce, statement), nonce), ticket };
}
