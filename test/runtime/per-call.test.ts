/** Roles for single calls: only the proxy requests their leases, through either gate. */
import { manifest } from '@leasehold/documents';
import { readManifest, toolsFor } from '@leasehold/runtime';
import { rolesOf } from '../../lib/mcp/roles';
import { check, chooseAgent, ONE_CALL } from '../../runtime/src/lease/checked-request';
import { load, PROJECT, ROLE } from '../definitions/support';
import { REQUEST } from './support/desk';

const BROKER = 'kind: Broker\n';
function manifestOf(gate: string) {
  const { definitions, findings } = load({
    'project.yaml': PROJECT,
    'broker.yaml': BROKER,
    'role.yaml': `${ROLE.replace('gate: mfa', `gate: ${gate}`)}perCall: s3:PutObject\n`,
  });
  expect(findings).toEqual([]);
  const [environment] = definitions?.environments ?? [];
  if (environment === undefined) throw new Error('no environment');
  return readManifest(manifest(environment, 'https://abcdefghij.execute-api.ap-northeast-2.amazonaws.com/v1'));
}

const call = {
  reason: REQUEST.reason,
  parameters: { ...REQUEST.parameters, call: 'app.js' },
  narrow: { actions: ['s3:PutObject'] },
};

it.each(['mfa', 'broker'])('with gate %s, only the proxy requests them', (gate) => {
  const read = manifestOf(gate);
  const agent = chooseAgent(read, 'agent');
  const ask = (request: typeof call) => check(read, agent, 's3-deploy-call', request, true);
  expect(() => ask(call)).toThrow('only leasehold proxy requests it');
  expect(() => ask({ ...call, ONE_CALL: true } as typeof call)).toThrow('only leasehold proxy requests it');
  expect(ask({ ...call, [ONE_CALL]: true } as typeof call)).toMatchObject(
    gate === 'mfa'
      ? {
          gate,
          durationSeconds: 900,
          permissions: [{ actions: ['s3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js'] }],
        }
      : { gate, body: { role: 's3-deploy-call', parameters: call.parameters, actions: ['s3:PutObject'] } },
  );
});

it('the lease of the role shows that the action is denied', () => {
  const read = manifestOf('mfa');
  const request = { reason: REQUEST.reason, parameters: REQUEST.parameters };
  expect(check(read, chooseAgent(read, 'agent'), 's3-deploy', request, true)).toMatchObject({
    permissions: [{ effect: 'Allow' }, { effect: 'Deny', actions: ['s3:PutObject'], resources: ['*'] }],
  });
});

it('neither tools nor MCP servers offer them', () => {
  const read = manifestOf('mfa');
  expect(toolsFor(read, { agent: 'agent' }).map(({ role }) => role)).toEqual(['s3-deploy']);
  expect(rolesOf(read, 'agent').map(({ role }) => role)).toEqual(['s3-deploy']);
  expect(() => toolsFor(read, { agent: 'agent', roles: ['s3-deploy-call'] })).toThrow('may not ask for');
});

it.each<[string, object]>([
  ['actions', { role: 'a', actions: 's3:PutObject', resource: 'b' }],
  ['role', { actions: ['s3:PutObject'], resource: 'b' }],
  ['resource', { role: 'a', actions: ['s3:PutObject'] }],
])('a manifest without the %s of the calls is not read', (key, perCall) => {
  const { roles, ...rest } = manifestOf('mfa');
  const changed = { ...rest, roles: { 's3-deploy': { ...roles['s3-deploy'], perCall } } };
  expect(() => readManifest(changed)).toThrow(`perCall.${key}`);
});
