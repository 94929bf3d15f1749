import { loadCatalogue, type PermittingStatement, powersIn } from '@leasehold/policy';

const allow = (...actions: readonly string[]): PermittingStatement => ({ actions, resources: ['*'], conditions: {} });
const powers = async (...statements: readonly PermittingStatement[]) =>
  powersIn(await loadCatalogue(['s3', 'athena', 'sqs']))(statements);

it('lists every action once, sorted, with each place where it is permitted', async () => {
  const conditions = { StringEquals: { 'aws:PrincipalTag/team': ['a'] } };
  const found = await powers(
    { actions: ['s3:GetObject', 's3:getobject'], resources: ['arn:aws:s3:::one/*'], conditions },
    { actions: ['s3:Get*'], resources: ['arn:aws:s3:::two/*', 'arn:aws:s3:::two'], conditions: {} },
  );
  const ids = found.actions.map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)].sort());
  expect(found.permitted().find(({ action }) => action.id === 's3:GetObject')?.on).toEqual([
    { resource: 'arn:aws:s3:::one/*', conditions },
    { resource: 'arn:aws:s3:::two/*', conditions: {} },
  ]);
  expect(found.services).toEqual(['s3']);
});

it.each([
  ['an action that AWS does not list', 's3:GetObjects', ['s3:GetObjects']],
  ['an action that runs SQL', 'athena:StartQueryExecution', []],
])('counts %s as every kind of access', async (_, action, unknown) => {
  const found = await powers(allow(action));
  expect(found.unknown).toEqual(unknown);
  expect([...found.access].sort()).toEqual(['delete', 'permissions', 'read', 'write']);
});

it('withholds the sensitive reads of its services that it does not have', async () => {
  expect((await powers(allow('sqs:SendMessage'))).withheld()).toContain('sqs:ReceiveMessage');
  expect((await powers(allow('sqs:*'))).withheld()).toEqual([]);
});
