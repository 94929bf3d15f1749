/** How fast `compare` answers for two policies of 100 statements each, from raw documents. */
import { defined } from '@leasehold/contract/defined';
import { compare, loadCatalogue, type PolicyDocument, type Statement } from '@leasehold/policy';
import { type Benchmark, byTurns, type Measurement, median, processorMs, sized } from './benchmark';

/**
 * At most this many times what `JSON.parse` takes for the same two documents: 1.5 times what was measured. Both run on the
 * same engine and core, so that a slower machine slows both.
 */
const BESIDE_PARSE = 110;

export const benchmark: Benchmark = {
  title: 'Compare: two policies of 100 statements, one core, processor time, warm; beside JSON.parse of the two',
  run: async () => {
    const catalogue = await loadCatalogue(SERVICES.map(({ prefix }) => prefix));
    const measure = async ({ change, expect }: Pair) => {
      let round = 0;
      const times = await byTurns(
        {
          ours: () => {
            const before = policyOf(round);
            const after = toDocument(change(before.Statement as readonly Statement[]));
            round += 1;
            let answer = '';
            const milliseconds = processorMs(() => {
              answer = compare(before, after, { catalogue }).kind;
            });
            // A wrong answer fails the run, however fast.
            if (answer !== expect) throw new Error(`compare answers ${answer} instead of ${expect}`);
            return milliseconds;
          },
          parse: () => {
            const before = policyOf(round);
            const texts = [before, toDocument(change(before.Statement as readonly Statement[]))].map((one) =>
              JSON.stringify(one),
            );
            return (
              processorMs(() => {
                for (let turn = 0; turn < PARSES; turn += 1) for (const text of texts) JSON.parse(text);
              }) / PARSES
            );
          },
        },
        { turns: ROUNDS, warmUp: WARMING },
      );
      return { ours: median(times.ours), parse: median(times.parse) };
    };
    const rows: Measurement[] = [];
    for (const pair of PAIRS) {
      const { ours, parse } = await measure(pair);
      rows.push(inMs(pair.name, ours), {
        name: `${pair.name}, beside JSON.parse`,
        value: ours / parse,
        unit: '×',
        atMost: BESIDE_PARSE,
      });
    }
    const split = await measure(SPLIT);
    return [
      ...rows,
      inMs(SPLIT.name, split.ours),
      { name: `${SPLIT.name}, beside JSON.parse`, value: split.ours / split.parse, unit: '×' },
    ];
  },
};

/** Rounds that are not counted, while the engine compiles. */
const WARMING = sized(10, 0);
const ROUNDS = sized(25, 1);
/** The clock of processor time counts microseconds: one parse is too short for it. */
const PARSES = sized(20, 1);
const STATEMENTS = 100;

const SERVICES: readonly { readonly prefix: string; readonly actions: readonly string[]; readonly arn: string }[] = [
  { prefix: 's3', actions: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:Get*'], arn: 'arn:aws:s3:::team-#' },
  {
    prefix: 'dynamodb',
    actions: ['dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:Batch*'],
    arn: 'arn:aws:dynamodb:eu-west-1:111122223333:table/team-#',
  },
  {
    prefix: 'sqs',
    actions: ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:Get*'],
    arn: 'arn:aws:sqs:eu-west-1:111122223333:team-#',
  },
  {
    prefix: 'logs',
    actions: ['logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:StartQuery', 'logs:Describe*'],
    arn: 'arn:aws:logs:eu-west-1:111122223333:log-group:/team-#',
  },
  {
    prefix: 'secretsmanager',
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret', 'secretsmanager:List*'],
    arn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:team-#',
  },
];

const CONDITIONS: readonly NonNullable<Statement['Condition']>[] = [
  { Bool: { 'aws:SecureTransport': 'true' } },
  { StringEquals: { 'aws:RequestedRegion': ['eu-west-1', 'eu-north-1'] } },
  { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] } },
  { StringLike: { 'aws:PrincipalTag/team': 'blue-*' }, Null: { 'aws:PrincipalTag/team': 'false' } },
];

/** A policy such as one that grew over years: five services, paths and variables, conditions, a tenth of it denies. */
function policyOf(round: number): PolicyDocument {
  return toDocument(
    Array.from({ length: STATEMENTS }, (_, index): Statement => {
      const service = SERVICES[(index + round) % SERVICES.length] ?? SERVICES[0];
      const { actions = [], arn = '*' } = service ?? {};
      const base = arn.replace('#', String((index * 7 + round) % STATEMENTS));
      const condition = CONDITIONS[(index * 3 + round) % (CONDITIONS.length * 2)];
      const deny = index % 10 === 9;
      return {
        Effect: deny ? 'Deny' : 'Allow',
        Action: deny ? actions.slice(1, 2) : rotated(actions, index).slice(0, 3),
        Resource: deny
          ? [`${base}/secret*`]
          : [`${base}/app/*`, index % 4 === 0 ? `${base}/\${aws:PrincipalTag/param.release}/*` : `${base}/*/log-?`],
        ...defined({ Condition: condition }),
      };
    }),
  );
}

interface Pair {
  readonly name: string;
  readonly change: (statements: readonly Statement[]) => readonly Statement[];
  readonly expect: 'not-widened' | 'widened';
}

const PAIRS: readonly Pair[] = [
  { name: 'compare, in another order', change: (list) => list.toReversed(), expect: 'not-widened' },
  { name: 'compare, every allow narrowed', change: (list) => list.map(narrowed), expect: 'not-widened' },
  {
    name: 'compare, one allow widened',
    change: (list) => list.map((one, index) => (index === 50 ? widened(one) : one)),
    expect: 'widened',
  },
  { name: 'compare, one deny dropped', change: (list) => list.filter((_, index) => index !== 59), expect: 'widened' },
];

const SPLIT: Pair = {
  name: 'compare, 100 statements with their 570 parts',
  change: (list) => list.flatMap(split),
  expect: 'not-widened',
};

function split(one: Statement): Statement[] {
  const [actions, resources] = [[one.Action ?? []].flat(), [one.Resource ?? []].flat()];
  return actions.flatMap((Action) => resources.map((Resource) => ({ ...one, Action, Resource })));
}

function narrowed(one: Statement): Statement {
  if (one.Effect === 'Deny') return one;
  const resources = [one.Resource ?? []].flat().map((resource) => resource.replace('/app/', '/app/1.4.2/'));
  const Condition = { ...one.Condition, DateLessThan: { 'aws:CurrentTime': '2027-01-01T00:00:00Z' } };
  return { ...one, Resource: resources, Condition };
}

function widened(one: Statement): Statement {
  return { ...one, Resource: [one.Resource ?? []].flat().map((resource) => resource.replace('/app/', '/a*/')) };
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const place = by % list.length;
  return [...list.slice(place), ...list.slice(0, place)];
}

function toDocument(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function inMs(name: string, value: number): Measurement {
  return { name, value: Math.round(value * 10) / 10, unit: 'ms' };
}
