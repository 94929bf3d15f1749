/** How fast `evaluate` answers the decision tables, from prepared policies and from raw documents. */
import { createRequire } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { evaluate, type Policies, prepare, type Request } from '../lib/policy/evaluate';
import { type Case, loadTables } from '../test/policy/evaluate-cases';
import { type Benchmark, type Measurement, median } from './benchmark';

export const benchmark: Benchmark = {
  title: 'Evaluate: the decision tables, one core, processor time',
  run: async () => {
    const cases = answerable();
    const prepared = cases.map(({ request, documents }) => ({ request, policies: prepare(documents) }));
    return [
      {
        name: `evaluate, prepared policies (${cases.length} questions)`,
        value: rate(
          prepared.map(
            ({ request, policies }) =>
              () =>
                evaluate(request, policies),
          ),
        ),
        unit: '1/s',
        atLeast: 300_000,
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
        atLeast: 30_000,
      },
      { name: 'evaluate, heap grown by ten million calls', value: heapGrowth(prepared), unit: 'MB', atMost: 1 },
      { name: 'a pattern of 2,000 stars and letters', value: starsMs(), unit: 'ms', atMost: 1 },
      ...besidePbac(),
    ];
  },
};

/** The cases that have an answer; those of malformed policies and requests have none. */
function answerable(): readonly Case[] {
  return loadTables().flatMap(({ cases }) => cases.filter(({ expect }) => 'outcome' in expect));
}

/**
 * Calls a second of processor time, so that what else the machine does counts little: the middle of seven rounds of
 * half a second, after a warm-up.
 */
function rate(calls: readonly (() => unknown)[]): number {
  round(calls, 300);
  return Math.round(median(Array.from({ length: 7 }, () => round(calls, 500))));
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
  const before = used(100_000);
  return Math.round(((used(10_000_000) - before) / 2 ** 20) * 100) / 100;
}

/** One answer on the worst text for a matcher that takes choices back: all letters there, the last one missing. */
function starsMs(): number {
  const Resource = `arn:aws:s3:::b/${'*a'.repeat(1000)}b`;
  const policies = prepare({
    identity: [{ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource } }],
  });
  const request: Request = {
    action: 's3:GetObject',
    resource: `arn:aws:s3:::b/${'a'.repeat(5000)}`,
    principal: { kind: 'user', arn: 'arn:aws:iam::111122223333:user/alice' },
    context: {},
  };
  const times = Array.from({ length: 101 }, () => {
    const started = process.hrtime.bigint();
    evaluate(request, policies);
    return Number(process.hrtime.bigint() - started) / 1e6;
  });
  return Math.round(median(times) * 1000) / 1000;
}

/** What `pbac`, an MIT-licensed engine for the language of identity policies, is asked. */
interface Pbac {
  new (
    policies: readonly object[],
  ): { evaluate(question: { action: string; resource: string; context: object }): boolean };
}

/** The same ten statements and requests for both engines. Without `pbac` installed there is nothing to stand beside. */
function besidePbac(): readonly Measurement[] {
  const Engine = optional('pbac') as Pbac | undefined;
  if (Engine === undefined) return [];
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
  const ratio =
    rate(ours.map((request) => () => evaluate(request, policies))) /
    rate(theirs.map((question) => () => engine.evaluate(question)));
  return [{ name: 'evaluate beside pbac, ten statements', value: Math.round(ratio * 10) / 10, unit: '×' }];
}

function optional(name: string): unknown {
  try {
    return createRequire(__filename)(name);
  } catch {
    return undefined;
  }
}
