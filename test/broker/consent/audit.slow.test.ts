/**
 * What an audit finds without the broker: a broker whose code was replaced writes what it likes, with valid chains, and
 * still cannot forge an approval.
 */
import type { KeyEvent, KeyEventBody } from '@leasehold/contract/consent';
import {
  keyRecordOf,
  keyStatement,
  nextKeyEvent,
  noKeys,
  type PersonKeys,
  thumbprint,
} from '../../../lib/broker/consent/key-record';
import { consentStatement, type Statement } from '../../../lib/broker/consent/statement';
import { reusedCounters, verifyDecisions } from '../../../lib/broker/consent/verify-decisions';
import { verifyKeys } from '../../../lib/broker/consent/verify-keys';
import { type EventBody, eventHash, type LeaseEvent, nextEvent } from '../../../lib/broker/lease/event';
import { fold } from '../../../lib/broker/lease/fold';
import { readRecord } from '../../../lib/broker/lease/record';
import { personArn } from '../http/support';
import { Authenticator, aNonce, PARTY } from './authenticator';
import { aHouse } from './people';

/** Two approvals by passkey, and the records that prove them. */
async function anHonestRecord() {
  const house = aHouse();
  const root = await house.enrol('administrator', 'root', { name: 'root' }, true);
  house.world.now += 1;
  const lead = await house.enrol('approver', 'lead', { name: 'root', key: root });
  const oncall = await house.enrol('approver', 'oncall', { name: 'root', key: root });
  house.world.now += 1;
  const lease = await house.pending();
  for (const [name, key] of [
    ['lead', lead],
    ['oncall', oncall],
  ] as const) {
    const statement = consentStatement(fold(house.world.events.get(lease.id) ?? []), 'approve', name);
    const body = { hash: lease.grant.hash, consent: await house.signed('approver', name, key, statement) };
    const { status } = await house.call('approve', {
      as: personArn('approver', name),
      path: { lease: lease.id },
      body,
    });
    expect(status).toBe(200);
  }
  const events: readonly LeaseEvent[] = house.world.events.get(lease.id) ?? [];
  return { house, root, lead, oncall, id: lease.id, events };
}

type Records = ReadonlyMap<string, readonly KeyEvent[]>;

/** The audit of one lease, as one line a decision. */
async function audit(
  id: string,
  events: readonly LeaseEvent[],
  records: Records,
  environment: string,
  roots?: readonly string[],
): Promise<readonly string[]> {
  const record = readRecord(id, events);
  if (record.kind === 'broken') return [`broken: ${record.because}`];
  const received = [...records].map(([person, all]) => ({ person, events: all }));
  const decisions = await verifyDecisions(record.events, await verifyKeys(received, environment, roots));
  const reused = new Set(reusedCounters(decisions));
  return decisions.map((each) => {
    const { statement, proof } = each;
    const how = proof.kind === 'signed' ? `signed by ${proof.key.person}` : proof.kind;
    const why = proof.kind === 'invalid' ? `: ${proof.because}` : '';
    return `${statement.decision} ${statement.approver}: ${how}${why}${reused.has(each) ? ', counter used twice' : ''}`;
  });
}

it('an honest record names whose key signed what, and the key on which all trust depends', async () => {
  const { house, root, id, events } = await anHonestRecord();
  expect(await audit(id, events, house.store.events, house.at)).toEqual([
    'approve lead: signed by lead',
    'approve oncall: signed by oncall',
  ]);
  const received = [...house.store.events].map(([person, all]) => ({ person, events: all }));
  const { roots, broken } = await verifyKeys(received, house.at);
  expect(roots.map(({ person, thumbprint: print }) => [person, print])).toEqual([['root', thumbprint(root.publicKey)]]);
  expect(broken.size).toBe(0);
});

it('another root than the one that the auditor noted is not trusted', async () => {
  const { house, root, id, events } = await anHonestRecord();
  expect(await audit(id, events, house.store.events, house.at, [thumbprint(root.publicKey)])).toEqual([
    'approve lead: signed by lead',
    'approve oncall: signed by oncall',
  ]);
  const found = await audit(id, events, house.store.events, house.at, ['0'.repeat(64)]);
  for (const line of found) expect(line).toContain('invalid');
});

describe('a broker whose code was replaced', () => {
  /** Rewrites the record after the proposal with these bodies, in a valid chain. */
  const forged = (events: readonly LeaseEvent[], ...bodies: readonly EventBody[]): readonly LeaseEvent[] =>
    bodies.reduce(
      (list, body) => {
        list.push(nextEvent(list[0]?.lease ?? '', list.at(-1), list.at(-1)?.at ?? 0, body));
        return list;
      },
      events.slice(0, 2),
    );
  const approval = (events: readonly LeaseEvent[], name: string, key: Authenticator): EventBody => {
    const lease = fold(events.slice(0, 2));
    const statement = consentStatement(lease, 'approve', name) as Statement;
    return { type: 'approved', by: { name }, hash: lease.proposal?.hash ?? '', assertion: key.sign(statement) };
  };
  /** Adds events to a person's record, in a valid chain. */
  const withKeys = (
    records: Records,
    person: string,
    at: string,
    ...make: readonly ((state: PersonKeys) => KeyEventBody)[]
  ): Records => {
    const { appendKey } = require('../../../lib/broker/consent/key-record');
    const own = [...(records.get(person) ?? [])];
    let state: PersonKeys = own.reduce(appendKey, noKeys(person, at));
    for (const each of make) {
      const event = nextKeyEvent(state, state.last?.at ?? 1_800_000_000, each(state));
      own.push(event);
      state = appendKey(state, event);
    }
    return new Map([...records, [person, own]]);
  };

  it('cannot leave the signature out', async () => {
    const { house, id, events } = await anHonestRecord();
    const hash = fold(events).proposal?.hash ?? '';
    const list = forged(events, { type: 'approved', by: { name: 'lead' }, hash });
    expect(await audit(id, list, house.store.events, house.at)).toEqual([
      'broken: Approvals of this lease must be signed with a passkey.',
    ]);
  });

  it('cannot hide that a lease was approved without one', async () => {
    const { house, id, events } = await anHonestRecord();
    const hash = fold(events).proposal?.hash ?? '';
    const [first, second] = events;
    if (first === undefined || second?.body.type !== 'proposed') throw new Error('nothing is proposed');
    const { signed: _, ...unsigned } = second.body;
    const list = [first, nextEvent(id, first, second.at, unsigned)];
    list.push(nextEvent(id, list[1], second.at, { type: 'approved', by: { name: 'lead' }, hash }));
    expect(await audit(id, list, house.store.events, house.at)).toEqual(['approve lead: unsigned']);
  });

  it('cannot sign with a key of its own', async () => {
    const { house, id, events } = await anHonestRecord();
    const list = forged(events, approval(events, 'lead', new Authenticator()));
    expect(await audit(id, list, house.store.events, house.at)).toEqual([
      'approve lead: invalid: The signing key is not in any verified record of lead.',
    ]);
  });

  it('cannot let one person’s key answer for another', async () => {
    const { house, id, events, oncall } = await anHonestRecord();
    const list = forged(events, approval(events, 'lead', oncall));
    expect(await audit(id, list, house.store.events, house.at)).toEqual([
      'approve lead: invalid: The signing key is not in any verified record of lead.',
    ]);
  });

  it.each(['approve', 'deny'] as const)('cannot use a signature of another lease to %s this one', async (decision) => {
    const { house, id, events, lead } = await anHonestRecord();
    const lease = fold(events.slice(0, 2));
    const because = 'Not today';
    const statement = consentStatement({ ...lease, id: 'lh-2' }, decision, 'lead') as Statement;
    const assertion = lead.sign(statement);
    const by = { name: 'lead' };
    const list =
      decision === 'approve'
        ? () => forged(events, { type: 'approved', by, hash: lease.proposal?.hash ?? '', assertion })
        : () => forged(events, { type: 'denied', by, code: 'approver-denied', because, assertion });
    expect(await audit(id, list(), house.store.events, house.at)).toEqual([
      'broken: The statement signed with the passkey does not match this decision.',
    ]);
  });

  it('cannot turn an approval into one of a wider grant', async () => {
    const { house, id, events } = await anHonestRecord();
    const [first, second, third] = events;
    if (first === undefined || second?.body.type !== 'proposed' || third === undefined) throw new Error('no approval');
    const grant = { ...second.body.grant, seconds: second.body.grant.seconds + 1 };
    const list = [first, nextEvent(id, first, second.at, { ...second.body, grant })];
    const { hash } = fold(list).proposal ?? { hash: '' };
    list.push(nextEvent(id, list[1], third.at, { ...third.body, hash } as EventBody));
    expect(await audit(id, list, house.store.events, house.at)).toEqual([
      'broken: The statement signed with the passkey does not match this decision.',
    ]);
  });

  it('cannot enrol a key for a person: not with a code of its own, and not signed by the new key', async () => {
    const { house, id, events, root } = await anHonestRecord();
    const key = new Authenticator();
    const list = forged(events, approval(events, 'lead', key));
    const code = 'c'.repeat(64);
    const until = 1_800_003_000;
    const issued: KeyEventBody = {
      type: 'code-issued',
      by: 'root',
      code,
      until,
      administrator: true,
      relyingParty: PARTY,
    };
    const byCode = (state: PersonKeys): KeyEventBody => {
      const body = { type: 'key-registered', key: key.passkey(), code } as const;
      return { ...body, assertion: key.sign(keyStatement(state, body) as Statement) };
    };
    const fresh = new Map([...house.store.events].filter(([person]) => person !== 'lead'));
    // An unsigned code, although there is a root already.
    const unsigned = withKeys(fresh, 'lead', house.at, () => issued, byCode);
    for (const line of await audit(id, list, unsigned, house.at)) expect(line).toContain('invalid');
    // An unsigned code that claims to be older than the root: the auditor's note of the root decides.
    const older = new Map([...unsigned].map(([person, all]) => [person, person === 'lead' ? back(all) : all]));
    for (const line of await audit(id, list, older, house.at, [thumbprint(root.publicKey)])) {
      expect(line).toContain('invalid');
    }
    // A code that the forged key signs itself.
    const selfSigned = withKeys(
      fresh,
      'lead',
      house.at,
      (state) => ({ ...issued, assertion: key.sign(keyStatement(state, issued) as Statement) }),
      byCode,
    );
    for (const line of await audit(id, list, selfSigned, house.at)) expect(line).toContain('invalid');
    // A further key that signs for itself.
    const further = (state: PersonKeys): KeyEventBody => {
      const body = { type: 'key-registered', key: key.passkey() } as const;
      return {
        ...body,
        assertion: { ...key.sign(keyStatement(state, body) as Statement), credential: leadKey(house) },
      };
    };
    for (const line of await audit(id, list, withKeys(house.store.events, 'lead', house.at, further), house.at)) {
      expect(line).toContain('invalid');
    }
  });

  it('cannot put its own key in the place of another by copying the id', async () => {
    const { house, id, events, root, lead } = await anHonestRecord();
    const code = 'c'.repeat(64);
    const issued = {
      type: 'code-issued',
      by: 'root',
      code,
      until: 1_800_003_000,
      administrator: true,
      relyingParty: PARTY,
    } as const;
    const registered = (key: Authenticator) => (state: PersonKeys) => {
      const body = { type: 'key-registered', key: key.passkey(), code } as const;
      return { ...body, assertion: key.sign(keyStatement(state, body) as Statement) };
    };
    const noted = [thumbprint(root.publicKey)];
    for (const victim of [root, lead]) {
      const copy = new Authenticator('ES256', PARTY, victim.id);
      const copied = withKeys(house.store.events, 'zed', house.at, () => issued, registered(copy));
      // What was signed stays valid, and the copy signs for nobody.
      expect(await audit(id, events, copied, house.at, noted)).toEqual([
        'approve lead: signed by lead',
        'approve oncall: signed by oncall',
      ]);
      const [line] = await audit(id, forged(events, approval(events, 'lead', copy)), copied, house.at, noted);
      expect(line).toContain('invalid');
      // With the copy of the root's id, it signs a code for a new key of lead.
      const key = new Authenticator();
      const fresh = new Map([...copied].filter(([person]) => person !== 'lead'));
      const enrolled = withKeys(
        fresh,
        'lead',
        house.at,
        (state) => ({ ...issued, assertion: copy.sign(keyStatement(state, issued) as Statement) }),
        registered(key),
      );
      const [own] = await audit(id, forged(events, approval(events, 'lead', key)), enrolled, house.at, noted);
      expect(own).toContain('invalid');
    }
  });

  it('cannot enrol with a code that an approver signed', async () => {
    const { house, id, events, oncall } = await anHonestRecord();
    const key = new Authenticator();
    const issued = {
      type: 'code-issued',
      by: 'oncall',
      code: 'c'.repeat(64),
      until: 1_800_003_000,
      administrator: false,
      relyingParty: PARTY,
    } as const;
    const fresh = new Map([...house.store.events].filter(([person]) => person !== 'lead'));
    const records = withKeys(
      fresh,
      'lead',
      house.at,
      (state) => ({ ...issued, assertion: oncall.sign(keyStatement(state, issued) as Statement) }),
      (state) => {
        const body = { type: 'key-registered', key: key.passkey(), code: issued.code } as const;
        return { ...body, assertion: key.sign(keyStatement(state, body) as Statement) };
      },
    );
    const [line] = await audit(id, forged(events, approval(events, 'lead', key)), records, house.at);
    expect(line).toContain('oncall was not an administrator');
  });

  it('cannot bring a removed key back', async () => {
    const { house, id, events, root, lead } = await anHonestRecord();
    house.world.now += 1;
    await house.remove('administrator', { name: 'root', key: root }, 'lead', lead);
    const [first, second] = events;
    if (first === undefined || second === undefined) throw new Error('nothing is proposed');
    const late = nextEvent(id, second, house.world.now + 1, approval(events, 'lead', lead));
    expect(await audit(id, [first, second, late], house.store.events, house.at)).toEqual([
      'approve lead: invalid: The signing key was not valid at the time of the signature.',
    ]);
  });

  it('cannot use one counter of a hardware key twice', async () => {
    const { house, id, events, lead } = await anHonestRecord();
    const lease = fold(events.slice(0, 2));
    const deny = consentStatement(lease, 'deny', 'lead', 'Not today') as Statement;
    lead.counter = 5;
    const list = forged(events, approval(events, 'lead', lead), {
      type: 'denied',
      by: { name: 'lead' },
      code: 'approver-denied',
      because: 'Not today',
      assertion: lead.sign(deny, aNonce()),
    });
    expect(await audit(id, list, house.store.events, house.at)).toEqual([
      'approve lead: signed by lead',
      'deny lead: signed by lead, counter used twice',
    ]);
  });

  it('cannot let two records vouch for each other', async () => {
    const { house } = await anHonestRecord();
    const [a, b] = [new Authenticator(), new Authenticator()];
    const code = 'c'.repeat(64);
    const enrolled = (person: string, key: Authenticator, by: string, signer: Authenticator) =>
      withKeys(
        new Map(),
        person,
        house.at,
        (state) => {
          const body = {
            type: 'code-issued',
            by,
            code,
            until: 1_800_003_000,
            administrator: true,
            relyingParty: PARTY,
          } as const;
          return { ...body, assertion: signer.sign(keyStatement(state, body) as Statement) };
        },
        (state) => {
          const body = { type: 'key-registered', key: key.passkey(), code } as const;
          return { ...body, assertion: key.sign(keyStatement(state, body) as Statement) };
        },
      );
    const circle = [...enrolled('x', a, 'y', b), ...enrolled('y', b, 'x', a)];
    const { keys, broken } = await verifyKeys(
      circle.map(([person, all]) => ({ person, events: all })),
      house.at,
    );
    expect([keys.size, [...broken.keys()].sort()]).toEqual([0, ['x', 'y']]);
  });
});

it.each([
  [
    'an event of another record',
    (events: readonly KeyEvent[]) => events.map((event) => ({ ...event, lease: keyRecordOf('oncall') })),
  ],
  ['a missing event', (events: readonly KeyEvent[]) => events.slice(1)],
  [
    'an edited label',
    (events: readonly KeyEvent[]) => JSON.parse(JSON.stringify(events).replace('"Laptop"', '"Phone"')),
  ],
  ['something else', () => [null]],
])('a record of keys with %s is broken, and proves nothing', async (_, edit) => {
  const { house, id, events } = await anHonestRecord();
  const records = new Map([...house.store.events]);
  records.set('lead', edit(records.get('lead') ?? []) as KeyEvent[]);
  const [first, second] = await audit(id, events, records, house.at);
  expect(first).toMatch(/^approve lead: invalid/);
  expect(second).toBe('approve oncall: signed by oncall');
});

/** The record, a day older. Its own chain is made anew. */
function back(events: readonly KeyEvent[]): readonly KeyEvent[] {
  const list: KeyEvent[] = [];
  for (const event of events) {
    const last = list.at(-1);
    list.push({ ...event, at: 1, previous: last === undefined ? '' : eventHash(last) });
  }
  return list;
}

function leadKey({ store }: ReturnType<typeof aHouse>): string {
  const registered = (store.events.get('lead') ?? []).find(({ body }) => body.type === 'key-registered')?.body;
  return registered?.type === 'key-registered' ? registered.key.id : '';
}
