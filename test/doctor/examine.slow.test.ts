/** What the doctor says of an undamaged account, which calls it sends, and what follows from a call that AWS refuses. */
import { accountVerifications, doctorPolicy, isHealthy } from '@leasehold/doctor';
import { recordKeyPolicy } from '@leasehold/documents';
import { accessOf, evaluate, loadCatalogue, many, prepare, type Request } from '@leasehold/policy';
import { CALLS, callNamed } from '../../lib/doctor/aws/calls';
import type { Service } from '../../lib/doctor/aws/modules';
import { SECURITY_AUDIT } from '../support/broker-environment';
import { anEnvironment } from '../support/environment';
import { authorizationOf, awsError, examined, fullEnvironment, refuse } from './support/account';
import { recorded, requestOf } from './support/recorded-calls';

const environment = fullEnvironment();
const ALL_CALLS = Object.entries(CALLS).flatMap(([service, calls]) => calls.map((call) => ({ service, ...call })));

it('finds nothing in an undamaged account, where every verification was checked', async () => {
  const diagnosis = await examined(environment);
  expect(diagnosis.verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  expect(diagnosis.verified.map(({ id }) => id)).toEqual(accountVerifications.map(({ id }) => id));
  expect(isHealthy(diagnosis)).toBe(true);
});

it('finds nothing in an undamaged account without broker and alerts', async () => {
  const small = anEnvironment();
  const diagnosis = await examined(small);
  expect(diagnosis.verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  expect(diagnosis.verified.map(({ id }) => id)).not.toContain('broker-code');
});

it.each([
  ['another text', '%7B%22Statement%22%3A%5B%5D%7D', 'damaged'],
  ['a text that is no policy', 'gone', 'not checked'],
])('tells that AWS changed a managed policy: %s', async (_, Document, expected) => {
  const details = authorizationOf(environment) as { Policies: readonly { readonly Arn: string }[] };
  const Policies = details.Policies.filter(({ Arn }) => Arn !== SECURITY_AUDIT);
  const diagnosis = await examined(environment, {
    'iam:GetAccountAuthorizationDetails': () => ({ ...details, Policies }),
    'iam:GetPolicy': () => ({ Policy: { DefaultVersionId: 'v7' } }),
    'iam:GetPolicyVersion': () => ({ PolicyVersion: { Document } }),
  });
  const found = diagnosis.verified.filter(({ result }) => result !== 'ok');
  expect(found.map(({ id, result }) => [id, result])).toEqual([['managed-text', expected]]);
});

it('finds nothing where people sign in elsewhere, or not at all', async () => {
  const { broker } = environment;
  const signIn = { type: 'oidc', issuer: 'https://login.example', audience: 'leasehold', scope: 'leases' };
  for (const people of [{ ...broker?.people, signIn }, undefined]) {
    const other = { ...environment, broker: { ...broker, people } } as typeof environment;
    const diagnosis = await examined(other);
    expect(diagnosis.verified.filter(({ result }) => result !== 'ok')).toEqual([]);
  }
});

it('sends every call of its table, and no other', async () => {
  const sent = new Set((await recorded(environment)).map(({ call }) => call));
  expect([...sent].sort()).toEqual(ALL_CALLS.map(({ service, command }) => `${service}:${command}`).sort());
});

it('sends only reads, and never reads the value of a secret or of a variable of another function', async () => {
  const actions = ALL_CALLS.map(({ action }) => action);
  const catalogue = await loadCatalogue([...new Set(actions.map((action) => action.split(':')[0] ?? ''))]);
  const writing = actions.filter((action) => {
    const info = catalogue.action(action);
    return info === undefined || !['list', 'read'].includes(accessOf(info));
  });
  expect(writing).toEqual([]);
  expect(
    actions.filter((action) =>
      /GetSecretValue|Decrypt|GetParameter|GetObject$|GetFunction$|GetCredentialReport/.test(action),
    ),
  ).toEqual([]);
});

describe('the policy that --policy prints', () => {
  // KMS requires the policy of the key as well. That of the records permits it to the account.
  const policiesFor = ({ action }: Request) =>
    prepare({
      identity: [doctorPolicy(environment)],
      ...(action.startsWith('kms:') ? { resource: recordKeyPolicy(environment) } : {}),
    });
  it('permits every call that was sent, on its resource', async () => {
    const denied = (await recorded(environment))
      .map((call) => requestOf(call, environment))
      .filter((request) => evaluate(request, policiesFor(request)).outcome !== 'allowed');
    expect(denied).toEqual([]);
  });

  it('permits no action that was not needed', async () => {
    const used = new Set(
      (await recorded(environment)).map(
        ({ call }) => callNamed(call.split(':')[0] as Service, call.split(':')[1] ?? '').action,
      ),
    );
    const permitted = many(doctorPolicy(environment).Statement).flatMap(({ Action }) => many(Action));
    expect(permitted.filter((action) => !used.has(action))).toEqual([]);
    expect(permitted.filter((action) => /[*?]/.test(action))).toEqual([]);
  });

  it('is smaller for a project without broker, alerts and users', () => {
    const actions = (of: typeof environment) => many(doctorPolicy(of).Statement).flatMap(({ Action }) => many(Action));
    const small = actions(anEnvironment({ agents: [], roles: [] }));
    expect(small.filter((action) => /^(dynamodb|pipes|apigateway|cloudwatch):/.test(action))).toEqual([]);
    expect(small).not.toContain('iam:ListAccessKeys');
    expect(actions(environment)).toContain('dynamodb:Query');
  });
});

describe('a call that AWS refuses', () => {
  it.each([
    ['ThrottlingException', 400, /throttled/],
    ['InternalFailure', 500, /refused .* \(InternalFailure\)/],
    ['AccessDenied', 403, /was denied/],
    ['UnauthorizedOperation', 400, /was denied/],
  ])('names %s, and never quotes AWS', async (name, status, why) => {
    const { verified } = await examined(environment, { 'iam:GetAccountSummary': refuse(name, status) });
    const [found] = verified.filter(({ id }) => id === 'quotas');
    expect(found).toMatchObject({ result: 'not checked', unchecked: [{ why: expect.stringMatching(why) }] });
    expect(JSON.stringify(verified)).not.toContain('the text of AWS');
  });

  it('ends the run if nobody knows whose credentials they are, or if they are of another account', async () => {
    await expect(examined(environment, { 'sts:GetCallerIdentity': refuse('ExpiredToken', 403) })).rejects.toMatchObject(
      {
        code: 'no-permission',
      },
    );
    await expect(
      examined(environment, {
        'sts:GetCallerIdentity': () => ({ Account: '999999999999', Arn: 'arn:aws:iam::999999999999:user/x' }),
      }),
    ).rejects.toMatchObject({ code: 'other-account' });
  });

  it('a defect in a verification is a defect, and no observation', async () => {
    await expect(
      examined(environment, { 'iam:GetAccountSummary': () => Promise.reject(new TypeError('x')) }),
    ).rejects.toThrow('x');
  });
});

it('skips what it is told to skip, and says so', async () => {
  const diagnosis = await examined(
    environment,
    { 'accessanalyzer:ListAnalyzers': refuse('AccessDeniedException', 403) },
    { skip: ['access-analyzer'] },
  );
  expect(diagnosis.verified.find(({ id }) => id === 'access-analyzer')?.result).toBe('skipped');
  expect(isHealthy(diagnosis)).toBe(true);
});

it('never sends a call that is not in its table', () => {
  expect(() => callNamed('iam', 'CreateUser')).toThrow('iam:CreateUser is not a call of the doctor');
  expect(awsError('X').name).toBe('X');
});
