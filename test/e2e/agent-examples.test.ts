/** The agents of `examples/`, each by its one command: a framework with a scripted model, on the sandbox. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './support/run';

const ROOT = join(__dirname, '..', '..');
const AGENTS = ['vercel-ai-agent', 'openai-agent', 'langgraph-agent', 'strands-agent', 'claude-agent'];

/** What AWS is asked, and answers. The requests with a wildcard and without a reason do not reach it. */
const CALLS = {
  task: [
    'allowed AssumeRole hermes-dev-cloudwatch-read',
    'allowed ListMetrics',
    'allowed AssumeRole hermes-dev-s3-deploy',
    'allowed PutObject 1.4.2/app.js',
  ],
  astray: ['allowed AssumeRole hermes-dev-s3-deploy', 'denied PutObject 1.4.1/app.js'],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-examples-e2e-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe.each(AGENTS)('%s', (name) => {
  const file = (path: string) => readFileSync(join(ROOT, 'examples', name, path), 'utf8');

  it('does its task, and AWS or the runtime refuses the rest', async () => {
    const cache = process.env.npm_config_cache ?? join(homedir(), '.npm');
    const env = { HOME: folder, XDG_RUNTIME_DIR: folder, npm_config_cache: cache };
    const { stdout } = await run(process.execPath, [join(ROOT, 'examples', name, 'run.mjs')], { cwd: folder, env });
    const [, task = '', astray = ''] = stdout.split(/^(?:task|astray)\n/m);
    const said = (text: string, who: string) =>
      [...text.matchAll(new RegExp(`^${who}: (.*)$`, 'gm'))].map(([, line]) => line);
    expect({ task: said(task, 'AWS'), astray: said(astray, 'AWS') }).toEqual(CALLS);
    expect(said(task, 'tool')).toEqual([
      expect.stringMatching(/^\d+ metrics in hermes\/app$/),
      'uploaded 1.4.2/app.js',
    ]);
    expect(said(astray, 'tool')).toEqual([
      'AWS refused the call: AccessDenied',
      expect.stringMatching(/No lease \(invalid-request\)|did not match|Input validation error/),
      expect.stringMatching(/No lease \(invalid-request\)|did not match|Input validation error/),
    ]);
    expect([...said(task, 'ai'), ...said(astray, 'ai')]).toEqual([
      'Release 1.4.2 is uploaded.',
      'I could not do that.',
    ]);
    expect(stdout).not.toMatch(/A[KS]IA[A-Z0-9]{12,}/);
  });

  it('has an agent of fewer than 40 lines, with the tools of the runtime', () => {
    const agent = file('agent.mjs');
    expect(agent.split('\n').length).toBeLessThan(40);
    expect(agent).toContain('toolsFor(');
    expect(file('README.md')).toContain(`node examples/${name}/run.mjs`);
  });
});
