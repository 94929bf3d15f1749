/** People who sign with virtual passkeys: what the console does in a browser, for tests and demos. */
import { createHash, randomBytes } from 'node:crypto';
import {
  CODE_BYTES,
  challengeOf,
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
import type { BrokerClient } from '@leasehold/runtime/broker';
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
 * @throws BrokerProblem
 */
export async function issueFirstCode(
  client: BrokerClient,
  person: string,
  { seconds = 3600 }: Pick<CodeOptions, 'seconds'> = {},
): Promise<string> {
  const { code, hash } = oneTimeCode(randomBytes(CODE_BYTES));
  await client.issueCode(person, { code: hash, until: codeUntil(await client.nonce(), seconds), administrator: true });
  return code;
}

/** A person with a registered virtual passkey. */
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
   * @throws BrokerProblem
   */
  static async register(client: BrokerClient, code: string, label = 'Virtual passkey'): Promise<SigningPerson> {
    const nonce = await client.nonce();
    const { relyingParty, person } = nonce;
    const passkey = new VirtualPasskey(relyingParty);
    const keys = await keysOf(client, person, nonce);
    const { id, publicKey } = passkey;
    const key = { id, publicKey, label, counter: 0, synced: false, relyingParty };
    const body = { type: 'key-registered', key, code: createHash('sha256').update(code).digest('hex') } as const;
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
    const nonce = await client.nonce();
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
    const nonce = await this.#client.nonce();
    const folded = await foldedLease(this.#client, lease);
    const { hash } = folded.proposal ?? {};
    if (hash === undefined) throw new TypeError(`the lease ${lease} has no grant to approve`);
    const decision: EventBody = { type: 'approved', by: { name: nonce.person }, hash };
    const statement = decisionOf(folded, decision);
    if (statement === undefined) throw new TypeError(`the lease ${lease} cannot be approved`);
    return this.#client.approve(lease, { hash, consent: signed(this.#passkey, nonce, statement) });
  }
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
