/** Tool definitions for agent frameworks, and the requests that come of what a model gives. */
import { manifest } from '@leasehold/documents';
import { readManifest, toolsFor } from '@leasehold/runtime';
import Ajv from 'ajv';
import { anAgent, anEnvironment, aParameter, aReleaseRole, IDENTITIES } from '../support/environment';
import { DEV, Desk, REQUEST } from './support/desk';

const MANIFEST = readManifest(manifest(DEV));
const [tool] = toolsFor(MANIFEST);
if (tool === undefined) throw new Error('there is no tool');

it('there is one for each role of the agent, with a schema made from its parameters', () => {
  expect(toolsFor(MANIFEST)).toHaveLength(1);
  expect(tool).toMatchObject({
    name: 'lease_s3_deploy',
    role: 's3-deploy',
    description: expect.stringContaining('"Upload build artefacts to the deploy bucket. No delete."'),
    inputSchema: {
      type: 'object',
      required: ['reason', 'release'],
      additionalProperties: false,
      properties: {
        duration: { type: 'integer', minimum: 900, maximum: 1800 },
        release: { type: 'string', pattern: '^(?:[a-z0-9][a-z0-9.-]{0,62})$' },
      },
    },
  });
});

it.each([
  [{ reason: REQUEST.reason, release: '1.4.2' }, true],
  [{ reason: REQUEST.reason, release: '1.4.2', duration: 900 }, true],
  [{ reason: REQUEST.reason, release: '1.4.2/../x' }, false],
  [{ reason: REQUEST.reason, release: 'x\n1.4.2' }, false],
  [{ reason: REQUEST.reason }, false],
  [{ reason: 'short', release: '1.4.2' }, false],
  [{ reason: REQUEST.reason, release: '1.4.2', duration: 899 }, false],
  [{ reason: REQUEST.reason, release: '1.4.2', gate: 'mfa' }, false],
])('the schema for %j: %s', (input, expected) => {
  expect(new Ajv().compile(tool.inputSchema)(input)).toBe(expected);
});

it('what a model gives becomes a request that opens the lease', async () => {
  const desk = await Desk.open();
  try {
    const client = desk.client();
    const [deploy] = toolsFor(client.manifest, { roles: ['s3-deploy'] });
    if (deploy === undefined) throw new Error('there is no tool');
    const request = deploy.request({ reason: REQUEST.reason, release: '1.4.2', duration: 900 });
    expect(request).toEqual({ ...REQUEST, duration: 900 });
    expect((await client.lease(deploy.role, request)).grant.parameters).toEqual({ release: '1.4.2' });
  } finally {
    await desk.close();
  }
});

it.each<[string, unknown]>([
  ['no object', 'x'],
  ['a list', []],
  ['nothing', null],
  ['no reason', { release: '1.4.2' }],
  ['a reason that is no text', { reason: 1, release: '1.4.2' }],
  ['a duration that is no number', { reason: REQUEST.reason, release: '1.4.2', duration: '900' }],
  ['a member of no schema', { reason: REQUEST.reason, release: '1.4.2', subjectToken: 'x' }],
  ['a member that every object has', JSON.parse('{"reason":"x","__proto__":{"gate":"mfa"}}')],
])('%s is refused', (_, input) => {
  expect(() => tool.request(input)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
});

it('a value that the model made up is refused when the lease is requested', async () => {
  const desk = await Desk.open();
  try {
    const request = tool.request({ reason: REQUEST.reason, release: '*' });
    await expect(desk.client().lease(tool.role, request)).rejects.toMatchObject({ code: 'invalid-request' });
    expect(desk.asked).toEqual([]);
  } finally {
    await desk.close();
  }
});

it('leaves out roles of other agents, and names a role that is not there', () => {
  const agents = [anAgent(), anAgent({ name: 'worker', identity: IDENTITIES.lambda })];
  const both = readManifest(manifest(anEnvironment({ agents, roles: [aReleaseRole()] })));
  expect(toolsFor(both, { agent: 'agent' })).toHaveLength(1);
  expect(toolsFor(both, { agent: 'worker' })).toEqual([]);
  expect(() => toolsFor(both)).toThrow(expect.objectContaining({ code: 'invalid-manifest' }));
  expect(() => toolsFor(MANIFEST, { roles: ['constructor'] })).toThrow(
    expect.objectContaining({ code: 'invalid-request' }),
  );
});

it('a parameter that is named like a member of the request gets a prefix', () => {
  const parameters = [aParameter({ name: 'reason' })];
  const role = aReleaseRole({ parameters });
  const [named] = toolsFor(readManifest(manifest(anEnvironment({ roles: [role] }))));
  expect(named?.inputSchema.required).toEqual(['reason', 'param_reason']);
  expect(named?.request({ reason: 'Upload build 1.4.2 for OPS-481', param_reason: 'x' }).parameters).toEqual({
    reason: 'x',
  });
});
