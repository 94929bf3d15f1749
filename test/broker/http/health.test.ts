/** What the schedule states about the broker, and the only question that nobody asked. */
import { createHandler } from '@leasehold/broker/http';
import { ReviewerFailed } from '../../../lib/broker/port-errors';
import type { HealthStore, ReviewerPort } from '../../../lib/broker/ports';
import { TEST_QUESTION } from '../../../lib/broker/service/health';
import { World } from '../memory';
import { AGENT_ARN, aBank, aBrokerOver, REASON } from './support';

const DENIAL = {
  decision: 'deny',
  role: 'health-check',
  actions: ['sts:GetCallerIdentity'],
  parameters: {},
  minutes: 1,
  risk: 'low',
  sentence: 'A test.',
};

/** A store that grants a question, and what it was told. */
function aStore(due = true) {
  const told: unknown[] = [];
  const health: HealthStore = {
    beat: async (beat) => {
      told.push(beat);
      return due;
    },
    answered: async (result) => {
      told.push(result);
    },
  };
  return { health, told };
}

function aReviewer(review: () => Promise<unknown>) {
  const asked: unknown[] = [];
  const reviewer: ReviewerPort = {
    model: 'test m',
    target: 'test m in eu-west-1',
    review: (question) => {
      asked.push(question);
      return review();
    },
  };
  return { reviewer, asked };
}

async function swept(ports: Partial<Parameters<typeof createHandler>[0]>) {
  const world = new World();
  await createHandler(world.ports(ports), aBank())({ source: 'leasehold.sweep' });
  return world;
}

const failing = (error: unknown) => () => Promise.reject(error);

it.each<[name: string, review: () => Promise<unknown>, result: string]>([
  ['denies', async () => DENIAL, 'answered'],
  ['allows', async () => ({ ...DENIAL, decision: 'allow' }), 'answered'],
  ['talks', async () => 'Of course!', 'nonsense'],
  ['adds a field', async () => ({ ...DENIAL, more: true }), 'nonsense'],
  ['gives nothing', async () => undefined, 'nonsense'],
  ['times out', failing(new ReviewerFailed('timeout')), 'timeout'],
  ['is throttled', failing(new ReviewerFailed('throttled')), 'throttled'],
  ['refuses', failing(new ReviewerFailed('refused')), 'refused'],
  ['cannot be reached', failing(new ReviewerFailed('unavailable')), 'unavailable'],
  ['throws something else', failing(new TypeError('key sk-secret')), 'unavailable'],
])('a reviewer that %s', async (_, review, result) => {
  const { health, told } = aStore();
  const { reviewer, asked } = aReviewer(review);
  const world = await swept({ health, reviewer });
  expect(told).toEqual([{ now: world.now, isComplete: true, target: 'test m in eu-west-1' }, result]);
  expect(asked).toEqual([TEST_QUESTION]);
  expect(world.errors).toEqual([]);
  // The answer issues nothing and is on no record.
  expect([world.cuts, [...world.events]]).toEqual([[], []]);
});

it('gives up on a reviewer that never answers', async () => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  try {
    const { health, told } = aStore();
    const done = swept({ health, reviewer: aReviewer(() => new Promise(() => {})).reviewer });
    while (told.length < 1 || jest.getTimerCount() === 0) await new Promise(setImmediate);
    jest.advanceTimersByTime(20_000);
    await done;
    expect(told[1]).toBe('timeout');
  } finally {
    jest.useRealTimers();
  }
});

it('asks nothing when it is not due, and nothing where there is no reviewer', async () => {
  const { reviewer, asked } = aReviewer(async () => DENIAL);
  const { health, told } = aStore(false);
  const { now } = await swept({ health, reviewer });
  expect([asked, told]).toEqual([[], [{ now, isComplete: true, target: 'test m in eu-west-1' }]]);
  const other = aStore();
  await swept({ health: other.health });
  expect(other.told).toEqual([{ now, isComplete: true }]);
});

it('does its other work where the health cannot be stated', async () => {
  const health: HealthStore = { beat: failing(new Error('no table')), answered: failing(new Error('no table')) };
  const world = await swept({ health });
  expect(world.errors).toEqual(['sweep-health: Error: no table']);
});

describe('a run with a failure is not stated as complete', () => {
  it('where revocations cannot be repaired', async () => {
    const { health, told } = aStore();
    const { revoker } = new World().ports();
    const world = await swept({ health, revoker: { ...revoker, prune: failing(new Error('no tags')) } });
    expect(told).toEqual([{ now: world.now, isComplete: false }]);
    expect(world.errors).toEqual(['sweep-revocations: Error: no tags']);
  });

  it('where the open leases cannot be listed', async () => {
    const { health, told } = aStore();
    const { leases } = new World().ports();
    const world = await swept({ health, leases: { ...leases, list: failing(new Error('no index')) } });
    expect(told).toEqual([{ now: world.now, isComplete: false }]);
    expect(world.errors).toEqual(['sweep-lapsed: Error: no index']);
  });

  it('where one lapse cannot be recorded', async () => {
    const { health, told } = aStore();
    const { call, sweep, world } = aBrokerOver(aBank(), { health });
    const body = { role: 's3-deploy', parameters: { release: '1.4.2' }, reason: REASON };
    for (let index = 0; index < 3; index += 1) expect((await call('request', { body })).status).toBeLessThan(300);
    world.now += 1800;
    world.faults.push({ call: 'append', when: 'before', error: new Error('no table') });
    await sweep();
    expect(world.errors).toEqual(['sweep-lapsed: Error: no table']);
    await sweep();
    expect(told).toEqual([false, true].map((isComplete) => ({ now: world.now, isComplete })));
  });
});

it('is stated by the schedule alone: no call of the API puts the question', async () => {
  const { health, told } = aStore();
  const { reviewer, asked } = aReviewer(async () => DENIAL);
  const { call } = aBrokerOver(aBank(), { health, reviewer });
  await call('request', { as: AGENT_ARN, body: { role: 'log-read', reason: REASON } });
  await call('roles', { as: AGENT_ARN });
  expect(told).toEqual([]);
  expect(asked).not.toContainEqual(TEST_QUESTION);
});
