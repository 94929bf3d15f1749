/** A broker whose people have passkeys: `root` and `chief` are administrators, `lead` and `oncall` approve. */
import { createHash, randomBytes } from 'node:crypto';
import type { Consent, KeyEvent, NonceAnswer, RelyingParty } from '@leasehold/contract/consent';
import { localSeal } from '../../../lib/broker/adapters/record-seal';
import { creationStatement, foldKeys, keyStatement, type PersonKeys } from '../../../lib/broker/consent/key-record';
import { challengeOf, environmentKey, type Statement } from '../../../lib/broker/consent/statement';
import type { ConsentPorts, KeyStore } from '../../../lib/broker/ports';
import type { Environment } from '../../../lib/definitions/model';
import { somePeople } from '../../support/people-environment';
import { type Answer, aBank, aBrokerOver, aPerson, personArn, REASON } from '../http/support';
import { World } from '../memory';
import { Authenticator, PARTY, type Twist } from './authenticator';

type Kind = 'approver' | 'administrator' | 'requester';

interface At {
  readonly call: ReturnType<typeof aBrokerOver>['call'];
  readonly world: World;
  readonly store: Keys;
  readonly environment: Environment;
  /** @default the console of the tests */
  readonly party?: RelyingParty;
}

/** People's records in memory, as the adapter behaves. */
export class Keys implements KeyStore {
  readonly events = new Map<string, KeyEvent[]>();
  readonly counters = new Map<string, number>();

  async read(person: string) {
    return [...(this.events.get(person) ?? [])];
  }

  async append(event: KeyEvent, person: string) {
    const stored = this.events.get(person) ?? [];
    if (event.sequence !== stored.length + 1) return 'conflict' as const;
    this.events.set(person, [...stored, JSON.parse(JSON.stringify(event))]);
    return 'appended' as const;
  }

  async advance(person: string, credential: string, counter: number) {
    const name = `${credential} ${person}`;
    const known = this.counters.get(name);
    if (known !== undefined && !(counter > known || (counter === 0 && known === 0))) return false;
    this.counters.set(name, counter);
    return true;
  }
}

/** How people of the test consent. */
export function consentOf(store: KeyStore, party: RelyingParty = PARTY): ConsentPorts {
  return {
    relyingParty: party,
    keys: store,
    tickets: localSeal(Buffer.from('of the test')),
    newNonce: () => randomBytes(32),
  };
}

/** The bank, with a second administrator. */
export function aBankWithChief(overrides: Partial<Environment> = {}): Environment {
  const bank = aBank();
  return { ...bank, principals: [...bank.principals, aPerson('chief', { administrator: true })], ...overrides };
}

/** The same, where approvals are signed with passkeys. */
export function withPasskeys(environment: Environment): Environment {
  const { broker } = environment;
  if (broker === undefined) throw new Error('there is no broker');
  return { ...environment, broker: { ...broker, people: somePeople() } };
}

/** A broker with passkeys, and what its people do. */
export function aHouse(required = true) {
  const world = new World();
  const store = new Keys();
  const environment = required ? withPasskeys(aBankWithChief()) : aBankWithChief();
  const broker = aBrokerOver(environment, { consent: consentOf(store) }, world);
  return { ...broker, ...peopleAt({ call: broker.call, world, store, environment }) };
}

/** What people do at a broker. */
export function peopleAt({ call, world, store, environment, party = PARTY }: At) {
  const at = environmentKey(environment);
  const as = (kind: Kind, name: string) => personArn(kind, name);
  const nonceOf = async (kind: Kind, name: string): Promise<NonceAnswer> =>
    (await call('nonce', { as: as(kind, name) })).body;
  const keysOf = (person: string): PersonKeys => foldKeys(person, at, store.events.get(person) ?? []);

  /** Signs a statement as a person would in the console. */
  const signed = async (
    kind: Kind,
    name: string,
    key: Authenticator,
    statement: Statement | undefined,
    twist?: Twist,
  ): Promise<Consent> => {
    const { nonce, ticket } = await nonceOf(kind, name);
    if (statement === undefined) throw new Error('there is nothing to sign');
    return { assertion: key.sign(statement, nonce, twist), ticket };
  };

  /** An administrator issues a code, signed unless it is the first one. */
  const issueCode = async (
    person: string,
    by: { readonly name: string; readonly key?: Authenticator },
    administrator = false,
    until = world.now + 3600,
  ): Promise<{ readonly code: string; readonly answer: Answer }> => {
    const code = randomBytes(20).toString('hex');
    const hash = createHash('sha256').update(code).digest('hex');
    const body = { code: hash, until, administrator };
    const statement = keyStatement(keysOf(person), {
      type: 'code-issued',
      by: by.name,
      relyingParty: party,
      ...body,
    });
    const sent =
      by.key === undefined ? body : { ...body, consent: await signed('administrator', by.name, by.key, statement) };
    const answer = await call('issueCode', {
      as: as('administrator', by.name),
      path: { principal: person },
      body: sent,
    });
    return { code, answer };
  };

  /** A person registers a passkey, with a code or signed by an earlier one. */
  const register = async (
    kind: Kind,
    name: string,
    key: Authenticator,
    by: { readonly code: string } | { readonly key: Authenticator },
    twist: { readonly creation?: Twist; readonly assertion?: Twist } = {},
  ): Promise<Answer> => {
    const { nonce, ticket } = await nonceOf(kind, name);
    const state = keysOf(name);
    const creation = key.create(challengeOf(nonce, creationStatement(state)), twist.creation);
    const code = 'code' in by ? by.code : undefined;
    const statement = keyStatement(state, {
      type: 'key-registered',
      key: key.passkey(),
      ...(code === undefined ? {} : { code: createHash('sha256').update(code).digest('hex') }),
    }) as Statement;
    const signer = 'key' in by ? by.key : key;
    const body = {
      label: 'Laptop',
      creation,
      ...(code === undefined ? {} : { code }),
      consent: { assertion: signer.sign(statement, nonce, twist.assertion), ticket },
    };
    return call('registerKey', { as: as(kind, name), path: { principal: name }, body });
  };

  const remove = async (
    kind: Kind,
    by: { readonly name: string; readonly key: Authenticator },
    person: string,
    key: Authenticator,
  ): Promise<Answer> => {
    const because = 'The device is lost';
    const statement = keyStatement(keysOf(person), { type: 'key-removed', key: key.id, by: by.name, because });
    const body = { key: key.id, because, consent: await signed(kind, by.name, by.key, statement) };
    return call('removeKey', { as: as(kind, by.name), path: { principal: person }, body });
  };

  /** Enrols a person from nothing, on the word of an administrator. */
  const enrol = async (
    kind: Kind,
    name: string,
    by: { readonly name: string; readonly key?: Authenticator },
    administrator = false,
    key = new Authenticator(),
  ): Promise<Authenticator> => {
    const { code, answer } = await issueCode(name, by, administrator);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    const registered = await register(kind, name, key, { code });
    if (registered.status !== 200) throw new Error(JSON.stringify(registered.body));
    return key;
  };

  /** The agent asks for a release; two approvers must answer. */
  const pending = async (reason: string = REASON) => {
    const body = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason };
    const answer = await call('request', { body });
    if (answer.status !== 202) throw new Error(JSON.stringify(answer.body));
    return answer.body.lease as { id: string; grant: { hash: string } };
  };

  return {
    world,
    store,
    environment,
    at,
    signed,
    nonceOf,
    keysOf,
    issueCode,
    register,
    remove,
    enrol,
    pending,
  };
}
