/** `leasehold manifest` writes what Terraform's output says, without Terraform. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { manifest } from '@leasehold/documents';
import { leasehold, newProject, project, removeFolders } from './support';

afterAll(removeFolders);

const URL = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/leasehold-acme-dev';
const PROJECT = `kind: Project
name: acme
environments:
  dev: { account: "111122223333", region: eu-west-1 }
agents:
  agent: { identity: { type: iam-user } }
approvers: [oncall]
`;
const ROLE = `kind: Role
name: queue-read
purpose: Read the depth of the order queue.
access: read
gate: broker
lease: { default: 5m, max: 15m }
allow:
  - actions: [sqs:GetQueueAttributes]
    resources: ["arn:aws:sqs:\${env.region}:\${env.account}:orders"]
`;
const brokered = () => newProject({ 'project.yaml': PROJECT, 'role.yaml': ROLE, 'broker.yaml': 'kind: Broker\n' });

it('is the output of the stack', async () => {
  const { code, out, err } = await leasehold('manifest --env dev');
  const { definitions } = loadDefinitions(join(project('hermes'), 'roles'));
  const dev = definitions?.environments.find(({ name }) => name === 'dev');
  expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/^waived /) });
  expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(dev && manifest(dev))));
});

it('asks which environment is meant', async () => {
  const { code, out, err } = await leasehold('manifest');
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('hint:     Add --env dev.');
});

it('has the address of the broker from --broker-url', async () => {
  const { code, out } = await leasehold(['manifest', '--broker-url', URL], { cwd: brokered() });
  expect(code).toBe(0);
  expect(JSON.parse(out).broker).toMatchObject({ url: URL, region: 'eu-west-1' });
});

it('has it from the output of Terraform, and only from that of the same stack', async () => {
  const cwd = brokered();
  const { out } = await leasehold(['manifest', '--broker-url', URL], { cwd });
  const outputs = { role_arns: { value: {} }, leasehold: { sensitive: true, value: JSON.parse(out) } };
  writeFileSync(join(cwd, 'outputs.json'), JSON.stringify(outputs));
  expect(await leasehold('manifest --outputs outputs.json', { cwd })).toEqual({ code: 0, out, err: '' });

  outputs.leasehold.value.stack = 'acme-prod';
  writeFileSync(join(cwd, 'outputs.json'), JSON.stringify(outputs));
  const other = await leasehold('manifest --outputs outputs.json', { cwd });
  expect(other).toMatchObject({ code: 2, out: '' });
  expect(other.err).toContain('is the output of stack acme-prod, not of acme-dev');
});

it('says that the address is missing, and writes all the rest', async () => {
  const { code, out, err } = await leasehold('manifest', { cwd: brokered() });
  expect(code).toBe(0);
  expect(JSON.parse(out)).not.toHaveProperty('broker');
  expect(err).toContain('note: the manifest has no address of the broker');
});

it.each([
  'http://broker.example.com/stage',
  'https://user:secret@broker.example.com',
  'file:///etc/passwd',
  'broker.example.com',
])('writes nothing with the address %s, and does not repeat it', async (url) => {
  const { code, out, err } = await leasehold(['manifest', '--broker-url', url], { cwd: brokered() });
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).not.toContain(url);
});

it('refuses an address where the definitions have no broker', async () => {
  const { code, out, err } = await leasehold(['manifest', '--env', 'dev', '--broker-url', URL]);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain('environment dev has no broker');
});
