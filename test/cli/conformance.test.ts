/** `leasehold conformance`: who confirms what, and what it prints without a call to AWS. */
import { conformancePolicy, probes } from '@leasehold/conformance';
import { federationOf, regionsOf } from '../../lib/cli/conformance';
import type { Keyboard } from '../../lib/cli/keyboard';
import { leasehold } from './support';

const ACCOUNT = '123456789012';

/** A terminal at which somebody types a line. */
function typing(text: string | undefined): { readonly keyboard: Keyboard; readonly outColumns: number } {
  const keyboard = { isTerminal: true, secret: async () => undefined, line: async () => text };
  return { keyboard, outColumns: 80 };
}

it.each<readonly [line: string, says: string]>([
  ['conformance', "required option '--account <id>' not specified"],
  ['conformance --account 12345', 'this is not an account id'],
  [`conformance --account ${ACCOUNT}`, 'there is no terminal'],
  [`conformance --account ${ACCOUNT} --confirm 210987654321`, 'is not the account 123456789012'],
  [
    `conformance --account ${ACCOUNT} --confirm ${ACCOUNT} --only mfa-on-assume-rol`,
    'Did you mean "mfa-on-assume-role"?',
  ],
  [`conformance --account ${ACCOUNT} --confirm ${ACCOUNT} --table orders`, '--table and --table-key belong together'],
  ...['*', 'orders/index/x', 'a"]}', 'or', 'arn:aws:dynamodb:eu-west-1:1:table/x'].map(
    (name) => [`conformance --account ${ACCOUNT} --table ${name} --table-key k`, '--table '] as const,
  ),
  ...['*', 'Bucket', 'a..b', '192.0.2.1', 'ab', 'x/y', 'arn:aws:s3:::x', `b${'x'.repeat(63)}`].map(
    (name) => [`conformance --account ${ACCOUNT} --bucket ${name}`, '--bucket '] as const,
  ),
  [`conformance --account ${ACCOUNT} --table orders --table-key ${'k'.repeat(256)}`, '--table-key '],
  [`conformance --account ${ACCOUNT} --region eu-west-1}`, '--region '],
  [`conformance --account ${ACCOUNT} --region eu-west-1 --region cn-north-1`, 'regions of one partition'],
  [`conformance --account ${ACCOUNT} --clean --bucket b`, "cannot be used with option '--bucket <name>'"],
])('%s is a wrong command line', async (line, says) => {
  const { code, out, err } = await leasehold(line);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(says);
});

it.each([['210987654321'], ['yes'], ['12345678901'], [''], [undefined]])(
  'does nothing when somebody types %j',
  async (text) => {
    for (const more of ['', ' --clean']) {
      const { code, out, err } = await leasehold(`conformance --account ${ACCOUNT}${more}`, typing(text));
      expect([code, out]).toEqual([1, '']);
      expect(err).toContain(`in account ${ACCOUNT}`);
      expect(err).toMatch(/Nothing was done\.\n$/);
    }
  },
);

it('prints the policy that it needs without asking', async () => {
  const { code, out } = await leasehold(`conformance --account ${ACCOUNT} --policy`);
  expect([code, JSON.parse(out)]).toEqual([0, conformancePolicy(ACCOUNT)]);
});

it.each([
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
] as const)('prints the policy for the partition of %s', async (region, partition) => {
  const { code, out } = await leasehold(`conformance --account ${ACCOUNT} --policy --region ${region}`);
  expect([code, JSON.parse(out)]).toEqual([0, conformancePolicy(ACCOUNT, partition)]);
  expect(out).toContain(`arn:${partition}:iam::`);
  expect(out).not.toContain('arn:aws:');
});

it.each([
  [undefined, {}, ['us-east-1', 'eu-west-1', 'ap-northeast-1']],
  [undefined, { AWS_REGION: 'eu-west-1' }, ['eu-west-1', 'us-east-1', 'ap-northeast-1']],
  [undefined, { AWS_DEFAULT_REGION: 'sa-east-1' }, ['sa-east-1', 'us-east-1', 'eu-west-1']],
  [undefined, { AWS_REGION: 'cn-north-1' }, ['cn-north-1']],
  [['eu-central-1'], { AWS_REGION: 'eu-west-1' }, ['eu-central-1']],
])('of the regions %j and the environment %j, it uses %j', (named, env, expected) => {
  expect(regionsOf(named, { env })).toEqual(expected);
});

it('calls the federation endpoint only where calls go to AWS', () => {
  expect(federationOf('eu-west-1', { env: {} })?.url).toBe('https://eu-west-1.signin.aws.amazon.com/federation');
  expect(federationOf('cn-north-1', { env: {} })?.url).toBe('https://signin.amazonaws.cn/federation');
  expect(federationOf('us-gov-west-1', { env: {} })?.url).toBe('https://signin.amazonaws-us-gov.com/federation');
  expect(federationOf('eu-west-1', { env: { AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:1' } })).toBeUndefined();
});

it('the help names no probe that does not exist', async () => {
  const { out } = await leasehold('conformance --help');
  const named = [...out.matchAll(/--only ([a-z-]+)/g)].map(([, id]) => id);
  expect(named.length).toBeGreaterThan(0);
  for (const id of named) expect(probes.map((probe) => probe.id)).toContain(id);
});
