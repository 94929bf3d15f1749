/** Records that AWS wrote, from public collections (samples/README.md). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalogue } from '@leasehold/policy';
import { gather } from '@leasehold/usage';
import { neededBy } from '../../lib/usage/map/actions';
import { acceptance } from '../../lib/usage/map/entries';
import { resourcesOf } from '../../lib/usage/map/resources';
import { readStream } from '../../lib/usage/read/stream';
import { isDenied } from '../../lib/usage/record/denial';
import { readRecord } from '../../lib/usage/record/record';
import { anEnvironment, aRole } from '../support/environment';
import { anIssue, aUnit, chunksOf, identityOf } from './support/records';

const BUCKET = 'mordors3stack-s3bucket-llp2yingx64a';
const sample = (name: string) => readFileSync(join(__dirname, 'samples', name));
const SERVICES = ['s3', 'ec2', 'sts', 'cloudwatch', 'elasticloadbalancing', 'autoscaling', 'iam', 'cloudtrail'];

async function recordsOf(name: string): Promise<readonly Buffer[]> {
  const records: Buffer[] = [];
  await readStream(chunksOf(sample(name), 333), {
    record: (bytes) => records.push(Buffer.from(bytes)),
    problem: (kind) => {
      throw new Error(kind);
    },
  });
  return records;
}

it.each<[file: string, expected: readonly (readonly [action: string, resource: string | undefined])[]]>([
  [
    'security-datasets.jsonl',
    [
      ['ec2:DescribeInstanceTypes', '*'],
      ['elasticloadbalancing:DescribeLoadBalancers', '*'],
      ['cloudwatch:DescribeAlarms', undefined],
      ['sts:AssumeRole', 'arn:aws:iam::123456789123:role/MordorLogCollectorStack-LogCollectorRole-1JJTG88NNY4KN'],
      ['s3:ListAllMyBuckets', '*'],
      ['s3:ListBucket', `arn:aws:s3:::${BUCKET}`],
      ['s3:GetObject', `arn:aws:s3:::${BUCKET}/ring.txt`],
    ],
  ],
  [
    'trailscraper.json',
    [
      ['autoscaling:DescribeLaunchConfigurations', '*'],
      ['sts:AssumeRole', 'arn:aws:iam::111111111111:role/someRole'],
    ],
  ],
  [
    'cloudtrail-user-guide.json',
    [
      ['ec2:StopInstances', 'arn:aws:ec2:us-east-2:123456789012:instance/i-ebeaf9e2'],
      ['iam:CreateUser', undefined],
      ['cloudtrail:UpdateTrail', undefined],
    ],
  ],
])('%s is read completely, and its actions are known', async (file, expected) => {
  const catalogue = await loadCatalogue(SERVICES);
  const accepts = acceptance(catalogue);
  const seen = new Map<string, string | undefined>();
  for (const bytes of await recordsOf(file)) {
    const record = readRecord(bytes);
    if (record === undefined) throw new Error(`unreadable: ${bytes.toString()}`);
    const needed = neededBy(record, catalogue);
    expect([needed.known, isDenied(record)]).toEqual([true, false]);
    for (const action of needed.actions) {
      const info = catalogue.action(action);
      const home = { partition: 'aws', account: record.recipient ?? '123456789012' };
      const [resource] = (info && resourcesOf(record, info, home, (arn) => accepts(action, arn))) ?? [];
      if (!seen.has(action) || seen.get(action) === undefined) seen.set(action, resource);
    }
  }
  for (const [action, resource] of expected) expect([action, seen.get(action)]).toEqual([action, resource]);
});

it.each(['security-datasets.jsonl', 'trailscraper.json', 'cloudtrail-user-guide.json'])(
  '%s is counted for no role of a project in the same account',
  async (file) => {
    const roles = [aRole({ name: 'deploy' })];
    const environments = ['123456789123', '111111111111', '123456789012'].map((account, index) =>
      anEnvironment({ name: `e${index}`, account, roles }),
    );
    const found = await gather(environments, { units: [aUnit(sample(file))] });
    expect(found.problems).toEqual([]);
    expect([...found.roles.values()].map(({ calls, granted, denied }) => [calls, granted, denied])).toEqual([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ]);
  },
);

it('counts the calls of a role that a sample shows, if they are those of a lease', async () => {
  const role = aRole({
    name: 'reader',
    allow: [
      {
        actions: ['s3:GetObject', 's3:ListBucket'],
        resources: [`arn:aws:s3:::${BUCKET}`, `arn:aws:s3:::${BUCKET}/*`],
        conditions: {},
      },
      { actions: ['s3:ListAllMyBuckets'], resources: ['*'], conditions: {} },
    ],
  });
  const environment = anEnvironment({ account: '123456789123', region: 'us-east-1', roles: [role] });
  const records = (await recordsOf('security-datasets.jsonl')).map((bytes) => {
    const record = JSON.parse(bytes.toString()) as { userIdentity: { type: string } };
    return record.userIdentity.type === 'AssumedRole'
      ? { ...record, userIdentity: identityOf(role, environment) }
      : record;
  });
  const unit = aUnit(Buffer.from(JSON.stringify({ Records: [anIssue(role, 'lh-1', {}, environment), ...records] })));
  const tally = (await gather([environment], { units: [unit] })).roles.get('dev/reader');
  expect([...(tally?.actions.keys() ?? [])].sort()).toEqual(['s3:GetObject', 's3:ListAllMyBuckets', 's3:ListBucket']);
  expect([...(tally?.entries.keys() ?? [])].sort()).toEqual([
    '0.actions.0',
    '0.actions.1',
    '0.resources.0',
    '0.resources.1',
    '1.actions.0',
    '1.resources.0',
  ]);
});
