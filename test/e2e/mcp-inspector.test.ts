/**
 * The built `leasehold mcp` with the command line of the official MCP inspector, which needs Node 22. The inspector ends the
 * session after each method, and with it the leases of the session.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { McpStory } from './support/mcp-story';
import { run } from './support/run';

const PACKAGES = ['-p', 'node@22', '-p', '@modelcontextprotocol/inspector@2.12.0'];
const TOOLS = ['call_aws', 'end_lease', 'explain_denial', 'lease_status', 'list_roles', 'request_lease'];
const REQUEST = {
  role: 's3-deploy',
  parameters: { release: '1.4.2' },
  reason: 'Upload build 1.4.2 for ticket OPS-481',
};

/** Exit codes of the inspector. */
const UNAUTHORIZED = 3;
const FAILED = 5;

let program: readonly string[];
let story: McpStory;

beforeAll(async () => {
  const { stdout } = await run('npx', ['--yes', ...PACKAGES, 'sh', '-c', 'command -v node; command -v mcp-inspector'], {
    cwd: homedir(),
    env: { npm_config_loglevel: 'error' },
  });
  program = stdout.trim().split('\n');
}, 300_000);
beforeEach(async () => {
  story = await McpStory.open();
});
afterEach(() => story.close());

/** What the inspector prints for one method. */
async function inspect(target: readonly string[], method: string, args: readonly string[] = []) {
  const { env, cwd } = story.server;
  const [node = '', inspector = ''] = program;
  const ran = await run(node, [inspector, '--cli', ...target, '--method', method, '--format', 'json', ...args], {
    cwd,
    env: { PATH: env.PATH ?? '', HOME: cwd },
    expect: [0, UNAUTHORIZED, FAILED],
  });
  story.seen += ran.stdout + ran.stderr;
  return { ...ran, result: ran.code === 0 ? JSON.parse(ran.stdout).result : undefined };
}

/** The server as a process of the inspector, which gives it no other variable of its own environment. */
function overStdio(): string[] {
  const { command, args, env } = story.server;
  return [command, ...args, ...Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])];
}

const calling = (tool: string, args: object = {}) => ['--tool-name', tool, '--tool-args-json', JSON.stringify(args)];
const namesOf = (tools: readonly { readonly name: string }[]) => tools.map(({ name }) => name).sort();

it('finds no fault in the schemas of the tools', async () => {
  const { result, stderr } = await inspect(overStdio(), 'tools/list', ['--strict']);
  expect(namesOf(result.tools)).toEqual(TOOLS);
  expect(stderr).not.toMatch(/\b(?:Warning|Error): tool|[1-9]\d* (?:warning|error)/);
});

it('calls tools over standard input and output', async () => {
  const roles = await inspect(overStdio(), 'tools/call', calling('list_roles'));
  expect(roles.result.structuredContent.roles).toMatchObject([{ role: 's3-deploy', gates: ['mfa'] }]);

  const release = story.approver.hold();
  const requested = await inspect(overStdio(), 'tools/call', calling('request_lease', REQUEST));
  release();
  expect(requested.result.structuredContent).toMatchObject({ state: 'pending', role: 's3-deploy' });

  const refused = await inspect(overStdio(), 'tools/call', calling('request_lease', { ...REQUEST, reason: 'please' }));
  expect(refused.result.structuredContent).toMatchObject({ state: 'failed', problem: { code: 'invalid-request' } });

  const unknown = await inspect(overStdio(), 'tools/call', calling('lease_status', { lease: 'lh-none' }));
  expect(unknown).toMatchObject({ code: FAILED, stdout: expect.stringContaining('no-lease') });
  const { accessKeyId, secretAccessKey } = story.sandbox.keys;
  for (const secret of [accessKeyId, secretAccessKey]) expect(story.seen).not.toContain(secret);
});

it('reads the prompt and the resources', async () => {
  const { result: prompts } = await inspect(overStdio(), 'prompts/list');
  expect(namesOf(prompts.prompts)).toEqual(['aws-leases']);
  const { result: resources } = await inspect(overStdio(), 'resources/list');
  expect(namesOf(resources.resources)).toEqual(['role-s3-deploy', 'skill']);
  const { result: skill } = await inspect(overStdio(), 'resources/read', ['--uri', 'leasehold://skill']);
  expect(skill.contents[0].text).toContain('# AWS leases for agent `agent`');
});

it('connects over HTTP, with the token and not without it', async () => {
  const { command, args, cwd, env } = story.server;
  const server = spawn(command, [...args, '--http'], { cwd, env, stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    let printed = '';
    for await (const chunk of server.stdout) {
      printed += chunk;
      if (printed.includes('mcp.token)\n')) break;
    }
    const [, url = '', file = ''] = /^(http:\S+)\nAuthorization: Bearer \$\(cat (\S+)\)\n$/.exec(printed) ?? [];
    const header = ['--header', `Authorization: Bearer ${readFileSync(file, 'utf8')}`];
    expect(namesOf((await inspect([url], 'tools/list', header)).result.tools)).toEqual(TOOLS);
    const without = await inspect([url], 'tools/list', ['--stored-auth-only']);
    expect(without).toMatchObject({
      code: UNAUTHORIZED,
      stderr: expect.stringContaining('the token is missing or wrong'),
    });
  } finally {
    server.kill('SIGTERM');
    await once(server, 'close');
  }
});
