/** What the broker's function states about itself, the spending of requesters, and clocks. */

import { budgetLeft } from '@leasehold/broker';
import type { Reviewer } from '@leasehold/definitions';
import { countName, principalKey, reviewerTarget } from '@leasehold/documents';
import fc from 'fast-check';
import { isUsedUp, usedPart } from '../../lib/doctor/broker/budgets';
import { type Answers, examined, healthItem, healthyAnswer, NOW } from './support/account';
import { type Case, environment, testDamages } from './support/damage';

const SECONDS = NOW.getTime() / 1000;
const N = (value: number | string) => ({ N: String(value) });

/** Answers of the projections table with another item under a partition key. */
const item = (pk: string, Item: object | undefined): Answers => ({
  'dynamodb:GetItem': (input, where) =>
    (input.Key as { readonly pk: { readonly S: string } }).pk.S === pk
      ? { Item }
      : healthyAnswer(environment, 'dynamodb:GetItem', input, where),
});
const health = (change: object) => item('health', healthItem(environment, change));
/** The counts of `worker`, by name. */
const spent = (counts: Readonly<Record<string, number | string>>) =>
  item(principalKey('worker').pk, Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, N(value)])));

const REVIEWER = environment.broker?.reviewer;
const { requests, denials } = environment.broker?.budgets ?? { requests: undefined, denials: undefined };
if (requests === undefined || denials === undefined) throw new Error('the environment has no broker');
const requestsNow = countName('requests', requests.windowSeconds, SECONDS);
const requestsBefore = countName('requests', requests.windowSeconds, SECONDS, 1);
const denialsNow = countName('denials', denials.windowSeconds, SECONDS);

const CASES: readonly Case[] = [
  ...(
    [
      ['timeout', /did not answer: it gave no answer in time/],
      ['throttled', /did not answer: it was throttled/],
      ['refused', /did not answer: it refused/],
      ['nonsense', /did not answer: its answer was not valid/],
      ['unavailable', /did not answer: it cannot be reached/],
      ['something-new', /did not answer: the question was interrupted/],
    ] as const
  ).map(([result, says]) => ({
    name: `a reviewer with the result ${result}`,
    found: 'broker-reviewer',
    says,
    severity: 'high',
    answers: health({ result: { S: result } }),
  })),
  {
    name: 'a question that was never answered',
    found: 'broker-reviewer',
    says: /interrupted/,
    answers: health({ result: undefined }),
  },
  {
    name: 'a question of long ago',
    found: 'broker-reviewer',
    says: /last tested the reviewer 180 minutes ago/,
    answers: health({ askedAt: N(SECONDS - 3 * 3600) }),
  },
  {
    name: 'a schedule that stopped',
    found: 'broker-clock',
    says: /last ran 11 minutes ago/,
    answers: health({ at: N(SECONDS - 660) }),
  },
  {
    name: 'a schedule whose work fails',
    found: 'broker-clock',
    says: new RegExp(`the scheduled work has failed since ${new Date(NOW.getTime() - 660_000).toISOString()}`),
    severity: 'high',
    answers: health({ completeAt: N(SECONDS - 660) }),
  },
  {
    name: 'a function whose clock is ahead',
    found: 'broker-clock',
    says: /61 seconds ahead/,
    answers: health({ at: N(SECONDS + 61) }),
  },
  {
    name: 'a requester near the end of its budget',
    found: 'broker-budgets',
    says: /^worker has used 80 % of its budget of 60 requests in 60 seconds\.$/,
    severity: 'low',
    answers: spent({ [requestsNow]: 48 }),
  },
  {
    name: 'a requester whose window before counts',
    found: 'broker-budgets',
    says: /worker has used \d+ % of its budget of 60 requests/,
    severity: 'low',
    answers: spent({ [requestsBefore]: 50 }),
  },
  {
    name: 'a requester without budget',
    found: 'broker-budgets',
    says: /worker has used up its budget of requests: 100 %/,
    severity: 'high',
    answers: spent({ [requestsNow]: 60 }),
  },
  {
    name: 'a requester that was denied too often',
    found: 'broker-budgets',
    says: /worker has used up its budget of denials: 120 %/,
    severity: 'high',
    answers: spent({ [denialsNow]: 12 }),
  },
];

testDamages(CASES);

const OTHER_SETTINGS = [
  { endpoint: 'https://llm.other.example' },
  { key: false },
  { model: 'n' },
  { timeoutSeconds: 8 },
  { provider: 'anthropic', key: true },
  { provider: 'bedrock', region: 'eu-west-1' },
] as const;

it.each<[name: string, found: readonly string[], answers: Answers]>([
  ['no health', ['broker-clock', 'broker-reviewer'], item('health', undefined)],
  ['a health that is no number', ['broker-clock', 'broker-reviewer'], health({ at: { S: 'now' } })],
  ['the health of an earlier version', ['broker-clock'], health({ completeAt: undefined })],
  ['a success that is no number', ['broker-clock'], health({ completeAt: { S: 'now' } })],
  ['a success in the future', ['broker-clock'], health({ completeAt: N(SECONDS + 61) })],
  ['no question yet', ['broker-reviewer'], health({ askedAt: undefined, target: undefined, result: undefined })],
  ['a question in the future', ['broker-reviewer'], health({ askedAt: N(SECONDS + 61) })],
  ['the health of a function that did not state its target', ['broker-reviewer'], health({ target: undefined })],
  ...OTHER_SETTINGS.map((change): [string, readonly string[], Answers] => [
    `the result of a reviewer with ${JSON.stringify(change)}`,
    ['broker-reviewer'],
    health({ target: { S: reviewerTarget({ ...REVIEWER, ...change } as Reviewer) } }),
  ]),
  ['a question that is being asked', ['broker-reviewer'], health({ askedAt: N(SECONDS - 5), result: undefined })],
  ['a count that is no number', ['broker-budgets'], spent({ [requestsNow]: 'many' })],
])('%s is not checked', async (_, found, answers) => {
  const { verified } = await examined(environment, answers);
  const wrong = verified.filter(({ result }) => result !== 'ok');
  expect(wrong.map(({ id, result }) => [id, result]).sort()).toEqual(found.map((id) => [id, 'not checked']));
});

it.each<[name: string, answers: Answers]>([
  ['47 of 60 requests', spent({ [requestsNow]: 47 })],
  ['counts of other windows', spent({ [countName('requests', 60, SECONDS, 2)]: 60, [`requests.7.${SECONDS}`]: 60 })],
  ['the clock of the function 30 seconds ahead', health({ at: N(SECONDS + 30) })],
  ['a schedule that ran ten minutes ago', health({ at: N(SECONDS - 600) })],
  ['a question 30 seconds ahead', health({ askedAt: N(SECONDS + 30) })],
  ['a success ten minutes ago', health({ completeAt: N(SECONDS - 600) })],
])('%s is in order', async (_, answers) => {
  const { verified } = await examined(environment, answers);
  expect(verified.filter(({ result }) => result !== 'ok')).toEqual([]);
});

it.each([-7200, 7200])(
  'budgets and the health of the function do not depend on the clock of the doctor: %d s',
  async (wrong) => {
    const now = new Date(NOW.getTime() + wrong * 1000);
    const { verified } = await examined(environment, spent({ [requestsNow]: 48 }), { now, clock: () => now.getTime() });
    const found = verified.filter(({ result }) => result !== 'ok').map(({ id, result }) => [id, result]);
    expect(found).toEqual([
      ['doctor-clock', 'damaged'],
      ['broker-budgets', 'damaged'],
    ]);
  },
);

it.each(['timeout', 'throttled', 'refused', 'nonsense', 'unavailable'])(
  'the hint about a reviewer with the result %s names no log, because the function logs nothing about it',
  async (result) => {
    const { verified } = await examined(environment, health({ result: { S: result } }));
    const hints = verified.flatMap(({ damages }) => damages.map(({ hint }) => hint));
    expect(hints).toEqual([
      expect.stringMatching(/^Check the model, region or address, quota and API key of the reviewer/),
    ]);
    expect(hints[0]).not.toMatch(/\blog\b/);
  },
);

it('agrees with the broker about the end of a budget', () => {
  const count = fc.integer({ min: 0, max: 130 });
  fc.assert(
    fc.property(count, count, fc.integer({ min: 0, max: 10_000 }), (current, previous, now) => {
      const budget = { limit: 60, windowSeconds: 600 };
      const isOver = isUsedUp(budget, { current, previous }, now);
      expect(isOver).toBe(!budgetLeft(budget, { current, previous }, now).ok);
      // A budget that is used up has room for less than one request.
      expect(isOver).toBe(usedPart(budget, { current, previous }, now) > 59 / 60 + 1e-12);
    }),
  );
});

describe('the clock of the doctor', () => {
  const clockOf = async (date: Date | 'none') => {
    const { verified } = await examined(environment, {}, { date });
    const found = verified.find(({ id }) => id === 'doctor-clock');
    return [found?.result, found?.damages[0]?.severity, found?.damages[0]?.message ?? found?.unchecked[0]?.why];
  };
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);

  it.each<[name: string, date: Date | 'none', ...expected: (string | undefined | RegExp)[]]>([
    ['agrees', NOW, 'ok', undefined, undefined],
    ['is half a minute behind', at(30), 'ok', undefined, undefined],
    ['is a minute behind', at(60), 'damaged', 'medium', "The clock is 60 seconds behind AWS's."],
    ['is a minute ahead', at(-60), 'damaged', 'medium', "The clock is 59 seconds ahead of AWS's."],
    ['is an hour ahead', at(-3600), 'damaged', 'high', "The clock is 3599 seconds ahead of AWS's."],
    ['meets answers without a date', 'none', 'not checked', undefined, 'no answer of AWS contained a date'],
  ])('%s', async (_, date, ...expected) => {
    expect(await clockOf(date)).toEqual(expected);
  });

  it('is compared by the fastest answer', async () => {
    // A slow answer leaves the time of AWS open: any of these seconds.
    let now = NOW.getTime();
    const slow: Answers = {
      'iam:GetAccountSummary': (input, where) => {
        now += 120_000;
        return healthyAnswer(environment, 'iam:GetAccountSummary', input, where);
      },
    };
    const { verified } = await examined(environment, slow, { clock: () => now, parallel: 1, date: at(90) });
    expect(verified.find(({ id }) => id === 'doctor-clock')?.result).toBe('damaged');
  });
});
