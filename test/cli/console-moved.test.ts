/** `leasehold validate` warns if the console of a deployed broker moves to another domain. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { leasehold, newProject, removeFolders } from './support';

afterAll(removeFolders);

const API = 'https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/leasehold-acme-dev';
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
const PERSON = 'kind: Principal\nname: oncall\ntype: person\nsignIn: oncall@example.com\n';
/** A broker whose console is at a domain, at the address of its API, or nowhere. */
const broker = (domain: string | undefined) => `kind: Broker
people:
  signIn: { cognito: {} }
  groups: { requester: "*", approver: [leads], administrator: [security] }
  approveWith: ${domain === undefined ? 'mfa' : 'passkey'}
${domain === undefined ? '' : `console: { domain: ${domain}, certificate: "arn:aws:acm:eu-west-1:111122223333:certificate/1a2b" }\n`}`;
const NO_PEOPLE = 'kind: Broker\n';

const at = (domain: string | undefined) =>
  newProject({ 'project.yaml': PROJECT, 'role.yaml': ROLE, 'person.yaml': PERSON, 'broker.yaml': broker(domain) });
const found = (out: string) =>
  JSON.parse(out).findings.filter(({ id }: { id: string }) => id === 'console-domain-changed') as readonly {
    readonly severity: string;
    readonly message: string;
    readonly at: { readonly file: string; readonly line: number };
  }[];

/** The manifest of the stack that is deployed, as `leasehold manifest` writes it. */
async function deployed(domain: string | undefined): Promise<string> {
  const { code, out } = await leasehold(['manifest', '--env', 'dev', '--broker-url', API], { cwd: at(domain) });
  expect(code).toBe(0);
  return out;
}

it.each<[string, string | undefined, string, RegExp]>([
  [
    'another domain',
    'leases.example.com',
    broker('leases.example.net'),
    /`leases\.example\.com` to `leases\.example\.net`/,
  ],
  [
    'the address of its API',
    'leases.example.com',
    broker(undefined),
    /`leases\.example\.com` to the address of its API/,
  ],
  ['nowhere, because nobody signs in', 'leases.example.com', NO_PEOPLE, /at `leases\.example\.com` is removed/],
])('warns if the console moves to %s', async (_, was, definitions, message) => {
  const manifest = await deployed(was);
  const cwd = at(was);
  writeFileSync(join(cwd, 'leasehold.json'), manifest);
  expect(found((await leasehold('validate --json', { cwd })).out)).toEqual([]);
  writeFileSync(join(cwd, 'roles', 'broker.yaml'), definitions);
  const { code, out } = await leasehold('validate --json', { cwd });
  expect(code).toBe(0);
  expect(found(out)).toEqual([
    expect.objectContaining({ severity: 'warning', message: expect.stringMatching(message) }),
  ]);
  expect(found(out)[0]?.at.file).toBe('roles/broker.yaml');
});

it('shows the line with the new domain, and the page', async () => {
  const cwd = at('leases.example.net');
  writeFileSync(join(cwd, 'leasehold.json'), await deployed('leases.example.com'));
  const { out } = await leasehold('validate', { cwd });
  expect(out).toContain('roles/broker.yaml:6:20 warning');
  expect(out).toContain('beginning with a new root');
});

it.each([
  ['the console gets its first domain', undefined, 'leases.example.com'],
  ['the domain is the same', 'leases.example.com', 'leases.example.com'],
] as const)('does not warn if %s', async (_, was, is) => {
  const cwd = at(is);
  writeFileSync(join(cwd, 'leasehold.json'), await deployed(was));
  expect(found((await leasehold('validate --json', { cwd })).out)).toEqual([]);
});

it('reads the manifest that LEASEHOLD_MANIFEST names, and ignores one of another stack', async () => {
  const cwd = at('leases.example.net');
  const file = join(at(undefined), 'deployed.json');
  const env = { LEASEHOLD_MANIFEST: file };
  writeFileSync(file, await deployed('leases.example.com'));
  expect(found((await leasehold('validate --json', { cwd, env })).out)).toHaveLength(1);
  writeFileSync(file, (await deployed('leases.example.com')).replace('"environment": "dev"', '"environment": "prod"'));
  expect(found((await leasehold('validate --json', { cwd, env })).out)).toEqual([]);
});

it('says so if the manifest cannot be read', async () => {
  const cwd = at('leases.example.net');
  writeFileSync(join(cwd, 'leasehold.json'), '{}');
  const { code, out } = await leasehold('validate --json', { cwd });
  expect([code, found(out)[0]?.message]).toEqual([0, expect.stringContaining('`leasehold.json` is no manifest')]);
});

it('needs no manifest', async () => {
  expect(found((await leasehold('validate --json', { cwd: at('leases.example.net') })).out)).toEqual([]);
});
