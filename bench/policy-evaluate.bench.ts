/** How fast `evaluate` answers the decision tables, from prepared policies and from raw documents. */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { evaluate, type Policies, prepare, type Request } from '../lib/policy/evaluate';
import { type Case, loadTables } from '../test/policy/evaluate-cases';
import { type Benchmark, byTurns, clockMs, type Measurement, median, sized } from './benchmark';

export const benchmark: Benchmark = {
  title: 'Evaluate: the decision tables, one core, processor time; beside `pbac`',
  run: async () => {
    const cases = answerable();
    const prepared = cases.map(({ request, documents }) => ({ request, policies: prepare(documents) }));
    return [
      {
        name: `evaluate, prepared policies (${cases.length} questions)`,
        value: rate(prepared.map((one) => () => evaluate(one.request, one.policies))),
        unit: '1/s',
      },
      {
        name: 'evaluate, raw documents',
        value: rate(
          cases.map(
            ({ request, documents }) =>
              () =>
                evaluate(request, prepare(documents)),
          ),
        ),
        unit: '1/s',
      },
      ...(await besidePbac()),
      {
        name: `evaluate, heap grown by ${MANY.toLocaleString('en')} calls`,
        value: heapGrowth(prepared),
        unit: 'MB',
        atMost: 1,
      },
      ...(await stars()),
    ];
  },
};

const MANY = sized(10_000_000, 10_000);
const ROUNDS = sized(7, 1);
/** Milliseconds of processor time that a round takes. */
const ROUND = sized(500, 10);

/** The cases that have an answer; those of malformed policies and requests have none. */
function answerable(): readonly Case[] {
  return loadTables().flatMap(({ cases }) => cases.filter(({ expect }) => 'outcome' in expect));
}

/**
 * Calls a second of processor time, so that what else the machine does counts little: the middle of seven rounds of
 * half a second, after a warm-up.
 */
function rate(calls: readonly (() => unknown)[]): number {
  round(calls, ROUND);
  return Math.round(median(Array.from({ length: ROUNDS }, () => round(calls, ROUND))));
}

function round(calls: readonly (() => unknown)[], milliseconds: number): number {
  const started = process.cpuUsage();
  let [done, elapsed] = [0, 0];
  while (elapsed < milliseconds) {
    for (const call of calls) call();
    done += calls.length;
    const { user, system } = process.cpuUsage(started);
    elapsed = (user + system) / 1000;
  }
  return (done / elapsed) * 1000;
}

function heapGrowth(questions: readonly { readonly request: Request; readonly policies: Policies }[]): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (calls: number) => {
    for (let done = 0; done < calls; ) {
      for (const { request, policies } of questions) evaluate(request, policies);
      done += questions.length;
    }
    collect();
    return process.memoryUsage().heapUsed;
  };
  const before = used(MANY / 100);
  return Math.round(((used(MANY) - before) / 2 ** 20) * 100) / 100;
}

/**
 * One answer on the worst text for a matcher that takes choices back: all letters there, the last one missing. Pattern and
 * text twice as long are at most four times the work for one that tries each place once; taking back doubles with each star.
 */
async function stars(): Promise<readonly Measurement[]> {
  const asked = (count: number) => {
    const Resource = `arn:aws:s3:::b/${'*a'.repeat(count)}*b*`;
    const policies = prepare({
      identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource } }],
    });
    const request: Request = {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::b/${'a'.repeat(5 * count)}`,
      principal: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/alice' },
      context: {},
    };
    return () => clockMs(() => evaluate(request, policies));
  };
  const times = await byTurns({ half: asked(500), whole: asked(1000) }, { turns: sized(101, 3), warmUp: sized(20, 0) });
  const [half, whole] = [median(times.half), median(times.whole)];
  return [
    { name: 'a pattern of 2,000 stars and letters', value: whole, unit: 'ms' },
    { name: 'the same beside one half as long', value: whole / half, unit: '×', atMost: 5 },
  ];
}

/** What `pbac`, an MIT-licensed engine for the language of identity policies, is asked. */
interface Pbac {
  new (
    policies: readonly object[],
  ): { evaluate(question: { action: string; resource: string; context: object }): boolean };
}

/** The same ten statements and requests for both engines, by turns: once prepared, and each time from the raw document. */
async function besidePbac(): Promise<readonly Measurement[]> {
  const Engine: Pbac = createRequire(__filename)('pbac');
  const document = {
    Version: '2012-10-17',
    Statement: Array.from({ length: 10 }, (_, index) => ({
      Sid: `S${index}`,
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject'],
      Resource: [`arn:aws:s3:::deploy-${index}/\${aws:username}/*`],
      Condition: { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
    })),
  };
  const policies = prepare({ identity: [document] });
  const engine = new Engine([document]);
  const resources = Array.from({ length: 12 }, (_, index) => `arn:aws:s3:::deploy-${index}/alice/app.js`);
  const ours = resources.map(
    (resource): Request => ({
      action: 's3:PutObject',
      resource,
      principal: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/alice' },
      context: { 'aws:RequestedRegion': 'eu-west-1' },
    }),
  );
  const theirs = resources.map((resource) => ({
    action: 's3:PutObject',
    resource,
    context: { aws: { username: 'alice', RequestedRegion: 'eu-west-1' } },
  }));
  for (const [index, request] of ours.entries()) {
    const question = theirs[index];
    const same =
      question !== undefined && engine.evaluate(question) === (evaluate(request, policies).outcome === 'allowed');
    if (!same) throw new Error(`pbac answers otherwise for ${request.resource}`);
  }
  const rates = await byTurns(
    {
      prepared: () =>
        round(
          ours.map((request) => () => evaluate(request, policies)),
          ROUND,
        ),
      pbac: () =>
        round(
          theirs.map((question) => () => engine.evaluate(question)),
          ROUND,
        ),
      raw: () =>
        round(
          ours.map((request) => () => evaluate(request, prepare({ identity: [document] }))),
          ROUND,
        ),
      pbacRaw: () =>
        round(
          theirs.map((question) => () => new Engine([document]).evaluate(question)),
          ROUND,
        ),
    },
    { turns: ROUNDS },
  );
  const ratio = (one: readonly number[], other: readonly number[]) => median(one) / median(other);
  return [
    { name: 'pbac, ten statements', value: median(rates.pbac), unit: '1/s' },
    { name: 'evaluate beside pbac, prepared', value: ratio(rates.prepared, rates.pbac), unit: '×', atLeast: 3.5 },
    { name: 'evaluate beside pbac, raw documents', value: ratio(rates.raw, rates.pbacRaw), unit: '×', atLeast: 3.5 },
  ];
}
