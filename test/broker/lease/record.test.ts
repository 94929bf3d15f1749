/** The record of a lease, as somebody reads it who trusts nobody who kept or carried it. */
import { denialCode, eventBody } from '@leasehold/contract/event';
import fc from 'fast-check';
import { grantHash } from '../../../lib/broker/grant/grant';
import { type DenialCode, type EventBody, eventHash, type LeaseEvent } from '../../../lib/broker/lease/event';
import { readRecord } from '../../../lib/broker/lease/record';
import { AGENT, aGrant, eventsOf, proposed, REQUESTED } from '../support';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

const HASH = grantHash(aGrant());
const SUBJECT = { issuer: 'https://login.example.com', sub: 'c-17', claims: { tenant: 'acme' } };

/** A lease that was issued, refused by AWS once, collected and taken back: nearly every event there is. */
const WHOLE: readonly EventBody[] = [
  REQUESTED,
  {
    type: 'reviewed',
    model: 'bedrock:claude',
    review: {
      decision: 'allow',
      risk: 'low',
      sentence: 'It fits.',
      answer: { minutes: 10, actions: ['s3:PutObject'] },
    },
  },
  proposed(2),
  { type: 'approved', by: { name: 'lead' }, hash: HASH },
  { type: 'approved', by: { name: 'oncall' }, hash: HASH },
  { type: 'withheld', code: 'outside-hours', because: 'At night.' },
  { type: 'issued', hash: HASH, until: 300 },
  { type: 'collected', by: AGENT.key },
  { type: 'failed', call: 'sts:AssumeRole', code: 'Throttling' },
  { type: 'issued', hash: HASH, until: 310 },
  { type: 'collected', by: AGENT.key },
  { type: 'revoked', by: 'approver lead', because: 'It is enough.' },
];

/** As it comes over the wire. */
const wire = (events: readonly LeaseEvent[]): LeaseEvent[] => JSON.parse(JSON.stringify(events));
const stored = (...bodies: readonly EventBody[]) => wire(eventsOf(...bodies));

describe('a record that holds', () => {
  it.each<[string, readonly EventBody[], string]>([
    ['from the request to the end', WHOLE, 'revoked'],
    ['on behalf of somebody', [{ ...REQUESTED, subject: SUBJECT } as EventBody], 'requested'],
    [
      'that ends in a no of the broker',
      [REQUESTED, { type: 'denied', by: 'broker', code: 'outside-hours', because: 'At night.' }],
      'denied',
    ],
    [
      'that ends in a no of a person',
      [REQUESTED, proposed(1), { type: 'denied', by: { name: 'lead' }, code: 'approver-denied', because: 'No.' }],
      'denied',
    ],
  ])('is read %s', (_, bodies, state) => {
    const events = stored(...bodies);
    const record = readRecord('lh-1', events);
    expect(record).toMatchObject({ kind: 'holds', lease: { state } });
    expect(record.events).toEqual(events);
  });

  it('is read where a question lapsed', () => {
    const events = wire(eventsOf(REQUESTED, proposed(1, aGrant(), 60), [60, { type: 'lapsed' }]));
    expect(readRecord('lh-1', events)).toMatchObject({ kind: 'holds', lease: { state: 'lapsed' } });
  });

  it('still has every event that was seen of it once', () => {
    const events = stored(...WHOLE);
    for (const seen of events.map(eventHash)) expect(readRecord('lh-1', events, { seen }).kind).toBe('holds');
  });
});

/** A record with each type of event in it. */
const ENDINGS: readonly (readonly LeaseEvent[])[] = [
  stored(...WHOLE),
  stored(REQUESTED, { type: 'denied', by: 'broker', code: 'outside-hours', because: 'At night.' }),
  wire(eventsOf(REQUESTED, proposed(1, aGrant(), 60), [60, { type: 'lapsed' }])),
];

it('every type of event, and every code of a denial, is read', () => {
  const types = eventBody.options.map((option) => option.unwrap().shape.type.value);
  const found = new Set(ENDINGS.flat().map(({ body }) => body.type));
  expect([...found].toSorted()).toEqual(types.toSorted());
  for (const events of ENDINGS) expect(readRecord('lh-1', events).kind).toBe('holds');
  for (const code of denialCode.options) {
    const events = stored(REQUESTED, { type: 'denied', by: 'broker', code, because: 'So it is.' });
    expect(readRecord('lh-1', events)).toMatchObject({ kind: 'holds', lease: { code } });
  }
});

it('a denial whose code nobody knows cannot be shown', () => {
  const code = 'on-a-whim' as DenialCode;
  const events = stored(REQUESTED, { type: 'denied', by: 'broker', code, because: 'So it is.' });
  expect(readRecord('lh-1', events)).toMatchObject({ kind: 'broken', code: 'malformed', events: [{ sequence: 1 }] });
});

it('a field that any event lacks, wherever it is, breaks the record, unless it may be absent', () => {
  const optional = ['subject', 'risk', 'answer', 'Version'];
  for (const events of ENDINGS) {
    for (const [index, event] of events.entries()) {
      for (const path of fieldsOf(event).filter((each) => !optional.includes(String(each.at(-1))))) {
        const edited = wire(events);
        remove(edited, [index, ...path]);
        expect([path, readRecord('lh-1', edited).kind]).toEqual([path, 'broken']);
      }
    }
  }
});

describe('a record is broken', () => {
  /** What an editor may do to a record, the event that is the first not to be believed, and why. */
  it.each<[string, (events: LeaseEvent[]) => unknown[], number, string]>([
    ['without events', () => [], 1, 'out-of-sequence'],
    ['that begins later', (events) => events.slice(1), 1, 'out-of-sequence'],
    ['with a gap', (events) => events.filter(({ sequence }) => sequence !== 4), 4, 'out-of-sequence'],
    ['with an event twice', (events) => [...events.slice(0, 4), ...events.slice(3)], 5, 'out-of-sequence'],
    ['with two events swapped', (events) => swapped(events, 3, 4), 4, 'out-of-sequence'],
    ['of another lease', (events) => events.map((event) => ({ ...event, lease: 'lh-2' })), 1, 'out-of-sequence'],
    ['that is no event', (events) => [...events.slice(0, 2), 'approved'], 3, 'malformed'],
    ['of a kind that is not known', (events) => changed(events, 2, { type: 'waved-through' }), 3, 'malformed'],
    ['with a field that is not known', (events) => changed(events, 3, { hurry: true }), 4, 'malformed'],
    [
      'whose grant has a field that nobody would be shown',
      (events) => granted(events, { also: 's3:*' }),
      3,
      'malformed',
    ],
    ['whose policy has one', (events) => granted(events, { policy: { ...aGrant().policy, Also: 1 } }), 3, 'malformed'],
    ['whose grant was widened', (events) => granted(events, { seconds: 86_400 }), 4, 'out-of-sequence'],
    [
      'whose policy has a version that AWS does not have',
      (events) => granted(events, { policy: { ...aGrant().policy, Version: '2030-01-01' } }),
      3,
      'malformed',
    ],
    ['whose policy says nothing', (events) => granted(events, { policy: { Version: '2012-10-17' } }), 3, 'malformed'],
    ['with a text that has no canonical form', (events) => granted(events, { reason: 'a\ud800' }), 3, 'malformed'],
  ])('%s', (_, edit, place, code) => {
    const record = readRecord('lh-1', wire(edit(stored(...WHOLE)) as LeaseEvent[]));
    expect(record).toMatchObject({ kind: 'broken', code, because: expect.stringMatching(/\.$/) });
    expect(record.events).toHaveLength(place - 1);
  });

  it.each<[string, readonly EventBody[]]>([
    ['issued without its approvals', [REQUESTED, proposed(2), { type: 'issued', hash: HASH, until: 300 }]],
    [
      'approved as another grant',
      [REQUESTED, proposed(1), { type: 'approved', by: { name: 'lead' }, hash: '0'.repeat(64) }],
    ],
    ['approved by who asked', [REQUESTED, proposed(1), { type: 'approved', by: { name: 'hermes' }, hash: HASH }]],
    ['approved by a stranger', [REQUESTED, proposed(1), { type: 'approved', by: { name: 'mallory' }, hash: HASH }]],
  ])('that is chained as it should be and was %s', (_, bodies) => {
    const record = readRecord('lh-1', stored(...bodies));
    expect(record).toMatchObject({ kind: 'broken' });
    expect(record.events).toHaveLength(2);
  });

  it('that was cut off since it was seen, though what is left of it holds', () => {
    const events = stored(...WHOLE);
    const seen = eventHash(events.at(-1) as LeaseEvent);
    const rest = events.slice(0, -1);
    expect(readRecord('lh-1', rest).kind).toBe('holds');
    expect(readRecord('lh-1', rest, { seen })).toMatchObject({
      kind: 'broken',
      because: expect.stringContaining('noted earlier'),
    });
  });

  it('whatever is changed in any event but the last, wherever it is (property)', () => {
    const events = stored(...WHOLE);
    const leaves = events.slice(0, -1).flatMap((event, index) => leavesOf(event).map((path) => [index, ...path]));
    fc.assert(
      fc.property(fc.constantFrom(...leaves), fc.oneof(fc.string(), fc.integer(), fc.boolean()), (path, value) => {
        const edited = wire(events);
        fc.pre(set(edited, path, value));
        const record = readRecord('lh-1', edited);
        expect(record.kind).toBe('broken');
        expect(record.events.length).toBeLessThanOrEqual(Number(path[0]) + 1);
      }),
      { numRuns },
    );
  });
});

function swapped(events: readonly LeaseEvent[], one: number, other: number): unknown[] {
  return events.map((event, index) => events[index === one ? other : index === other ? one : index] ?? event);
}

/** One event with its body changed. */
function changed(events: readonly LeaseEvent[], place: number, body: object): unknown[] {
  return events.map((event, index) => (index === place ? { ...event, body: { ...event.body, ...body } } : event));
}

/** The third event with its grant changed. */
function granted(events: readonly LeaseEvent[], change: object): unknown[] {
  return changed(events, 2, { grant: { ...aGrant(), ...change } });
}

/** Where a value has members that its schema names: not those of policies, parameters, tags and of what was asked. */
function fieldsOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [key],
    ...(['asked', 'parameters', 'tags', 'claims', 'answer'].includes(key)
      ? []
      : fieldsOf(inner).map((path) => [key, ...path])),
  ]);
}

function remove(target: unknown, path: Path): void {
  const holder = path.slice(0, -1).reduce((inner, key) => (inner as Record<string, unknown>)[key], target);
  delete (holder as Record<string, unknown>)[String(path.at(-1))];
}

type Path = readonly (string | number)[];

/** Where a value has texts, numbers and booleans in it. */
function leavesOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((path) => [key, ...path]));
}

/** Puts another value there. @returns whether it is another one. */
function set(target: unknown, path: Path, value: unknown): boolean {
  const last = path.at(-1) as string;
  const holder = path.slice(0, -1).reduce((inner, key) => (inner as Record<string, unknown>)[key], target);
  const record = holder as Record<string, unknown>;
  if (record[last] === value) return false;
  record[last] = value;
  return true;
}
