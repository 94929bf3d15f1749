import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { defined } from '@leasehold/contract/defined';
import { newFolder, removeFolders } from '../cli/support';
import { type Server, startServer } from './server';

const PUBLISH = join(__dirname, '..', '..', 'examples', 'ci', 'publish.mjs');
const SHA = 'a'.repeat(40);
const MARKER = '<!-- leasehold-review: dev -->';
const REVIEW = `${MARKER}\n## ✅ Leasehold, \`dev\`: no findings\n`;

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  removeFolders();
});

async function serve(answers: Readonly<Record<string, unknown>>): Promise<Server> {
  const server = await startServer(answers);
  servers.push(server);
  return server;
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

function run(platform: string, folder: string, env: Readonly<Record<string, string>>) {
  return new Promise<{ code: number | null; out: string; err: string }>((settle) => {
    const child = spawn(process.execPath, [PUBLISH, platform, folder], { env });
    const written = { out: '', err: '' };
    child.stdout.on('data', (chunk) => {
      written.out += chunk;
    });
    child.stderr.on('data', (chunk) => {
      written.err += chunk;
    });
    child.once('close', (code) => settle({ code, ...written }));
  });
}

describe('on GitHub', () => {
  const bot = { login: 'github-actions[bot]' };
  const pull = (number: number, change = {}) => ({
    number,
    head: { sha: SHA, repo: { full_name: 'acme/infra' } },
    ...change,
  });
  const environment = (server: Server, change = {}) => ({
    GITHUB_API_URL: server.url,
    GITHUB_REPOSITORY: 'acme/infra',
    GITHUB_TOKEN: 'token-of-the-job',
    HEAD_SHA: SHA,
    HEAD_BRANCH: 'feature/x#y',
    HEAD_REPOSITORY: 'acme/infra',
    REVIEW_CODE: '0',
    ...change,
  });
  const answers = (change: Readonly<Record<string, unknown>> = {}) => ({
    'GET /repos/acme/infra/pulls': [pull(7)],
    'GET /repos/acme/infra/issues/7/comments': [],
    'GET /repos/acme/infra/pulls/7/files': [{ filename: 'roles/s3-deploy.yaml' }],
    ...change,
  });
  const folder = () => folderWith({ 'dev.md': REVIEW, 'dev.sarif': '{"version":"2.1.0"}', 'dev.json': '{}' });
  const told = ({ changes }: Server) => changes.map(({ method, path }) => `${method} ${path}`);

  it('comments where there is no comment yet, uploads SARIF and sets the status', async () => {
    const server = await serve(answers());
    const { code, err } = await run('github', folder(), environment(server));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(told(server)).toEqual([
      'POST /repos/acme/infra/issues/7/comments',
      'POST /repos/acme/infra/code-scanning/sarifs',
      `POST /repos/acme/infra/statuses/${SHA}`,
    ]);
    const [comment, sarif, status] = server.changes;
    expect(comment?.body.body).toBe(`${REVIEW.trimEnd()}\n\n<sub>At commit \`${SHA}\`.</sub>`);
    expect(sarif?.body).toMatchObject({ commit_sha: SHA, ref: 'refs/pull/7/head' });
    expect(gunzipSync(Buffer.from(sarif?.body.sarif ?? '', 'base64')).toString()).toBe('{"version":"2.1.0"}');
    expect(status?.body).toMatchObject({ context: 'leasehold/review', state: 'success' });
  });

  it('updates its comment when there is one, however many others there are', async () => {
    const others = Array.from({ length: 250 }, (_, id) => ({ id, user: { login: 'someone' }, body: 'x' }));
    const server = await serve(
      answers({
        'GET /repos/acme/infra/issues/7/comments': [...others, { id: 999, user: bot, body: `${MARKER}\nold` }],
      }),
    );
    await run('github', folder(), environment(server));
    expect(told(server)[0]).toBe('PATCH /repos/acme/infra/issues/comments/999');
    expect(told(server).filter((call) => call.includes('comments'))).toHaveLength(1);
  });

  it.each([
    ['of somebody else', { id: 1, user: { login: 'mallory' }, body: `${MARKER}\n## ✅ forged` }],
    ['that only quotes the marker', { id: 1, user: bot, body: `> ${MARKER}\n${MARKER}` }],
    ['of a deleted account', { id: 1, user: null, body: MARKER }],
  ])('takes no comment %s for its own', async (_, comment) => {
    const server = await serve(answers({ 'GET /repos/acme/infra/issues/7/comments': [comment] }));
    await run('github', folder(), environment(server));
    expect(told(server)[0]).toBe('POST /repos/acme/infra/issues/7/comments');
  });

  it('marks a comment that no plan belongs to any more, and a second one of the same plan', async () => {
    const own = [
      { id: 1, user: bot, body: `${MARKER}\nold` },
      { id: 2, user: bot, body: '<!-- leasehold-review: gone -->\n## ✅ fine' },
      { id: 3, user: bot, body: `${MARKER}\n## ✅ fine` },
      { id: 4, user: bot, body: 'another tool' },
    ];
    const server = await serve(answers({ 'GET /repos/acme/infra/issues/7/comments': own }));
    await run('github', folder(), environment(server));
    const patches = server.changes.filter(({ method }) => method === 'PATCH');
    expect(patches.map(({ path }) => path.split('/').at(-1))).toEqual(['1', '2', '3']);
    for (const { body } of patches.slice(1)) expect(body.body).toContain('out of date');
  });

  it('leaves the comments of other plans alone where each plan is published by itself', async () => {
    const own = [{ id: 2, user: bot, body: '<!-- leasehold-review: prod -->\n## ✅ fine' }];
    const server = await serve(
      answers({ 'GET /repos/acme/infra/issues/7/comments': own, 'GET /repos/acme/infra/pulls/7': pull(7) }),
    );
    const { code } = await run('github', folder(), environment(server, { ONE_OF_SEVERAL: '1', PULL_NUMBER: '7' }));
    expect(code).toBe(0);
    expect(told(server)).toEqual(['POST /repos/acme/infra/issues/7/comments']);
  });

  it.each([
    ['that is at another commit', pull(7, { head: { sha: 'b'.repeat(40), repo: { full_name: 'acme/infra' } } })],
    [
      'of another repository with a branch of that name',
      pull(7, { head: { sha: SHA, repo: { full_name: 'x/infra' } } }),
    ],
    ['whose repository is gone', pull(7, { head: { sha: SHA, repo: null } })],
  ])('comments on no pull request %s', async (_, other) => {
    const server = await serve(answers({ 'GET /repos/acme/infra/pulls': [other] }));
    expect((await run('github', folder(), environment(server))).code).toBe(0);
    expect(told(server)).toEqual([`POST /repos/acme/infra/statuses/${SHA}`]);
  });

  it.each([
    ['0', 'success'],
    ['1', 'failure'],
    ['2', 'error'],
    ['70', 'error'],
  ])('sets, after exit code %s, the status %s', async (REVIEW_CODE, state) => {
    const server = await serve(answers());
    await run('github', folder(), environment(server, { REVIEW_CODE }));
    expect(server.changes.at(-1)?.body.state).toBe(state);
  });

  it.each([
    ['.github/workflows/leasehold-plan.yml', undefined],
    ['examples/ci/plan.sh', undefined],
    ['docs/x.yml', '.github/workflows/leasehold-plan.yml'],
  ])('stops a change of how its own plan is made: %s (before: %s)', async (filename, previous) => {
    const files = [{ filename, ...defined({ previous_filename: previous }) }];
    const server = await serve(answers({ 'GET /repos/acme/infra/pulls/7/files': files }));
    await run('github', folder(), environment(server));
    expect(server.changes.at(-1)?.body).toMatchObject({
      state: 'failure',
      description: expect.stringContaining('by hand'),
    });
  });

  it('goes on without code scanning where there is none, and fails on any other refusal', async () => {
    const without = await serve(answers({ 'POST /repos/acme/infra/code-scanning/sarifs': 403 }));
    expect((await run('github', folder(), environment(without))).code).toBe(0);
    const broken = await serve(answers({ 'POST /repos/acme/infra/issues/7/comments': 500 }));
    const { code, err } = await run('github', folder(), environment(broken));
    expect(code).toBe(1);
    expect(err).toBe('publish.mjs: POST /issues/7/comments: 500\n');
    expect(told(broken)).not.toContain(`POST /repos/acme/infra/statuses/${SHA}`);
  });

  it('publishes nothing that does not begin with a marker, and nothing where there is nothing', async () => {
    const server = await serve(answers());
    for (const files of [
      { 'dev.md': `x\n${REVIEW}` },
      { 'dev.md': '<!-- leasehold-review: a--> -->' },
      { 'dev.txt': 'x' },
    ]) {
      expect((await run('github', folderWith(files), environment(server))).code).toBe(1);
    }
    expect(server.calls).toEqual([]);
  });

  it('sends its token to the API alone, and shows it nowhere', async () => {
    const server = await serve(answers({ 'GET /repos/acme/infra/issues/7/comments': 401 }));
    const { out, err } = await run('github', folder(), environment(server));
    expect(server.calls[0]?.headers.authorization).toBe('Bearer token-of-the-job');
    expect(out + err).not.toContain('token-of-the-job');
  });
});

describe('on GitLab', () => {
  const notes = 'GET /projects/5/merge_requests/3/notes';
  const answers = (change: Readonly<Record<string, unknown>> = {}) => ({
    'GET /user': { id: 42 },
    'GET /projects/5/jobs/11': { ref: 'refs/merge-requests/3/head', commit: { id: SHA }, pipeline: { id: 8 } },
    'GET /projects/5/merge_requests/3': { state: 'opened', sha: SHA },
    [notes]: [],
    ...change,
  });
  const environment = (server: Server) => ({
    CI_API_V4_URL: server.url,
    GITLAB_TOKEN: 'token',
    PROJECT_ID: '5',
    JOB_ID: '11',
  });
  const publish = async (change = {}) => {
    const server = await serve(answers(change));
    const ran = await run('gitlab', folderWith({ 'dev.md': REVIEW }), environment(server));
    return { ...ran, told: server.changes.map(({ method, path }) => `${method} ${path}`) };
  };

  it('writes a note where there is none', async () => {
    expect((await publish()).told).toEqual(['POST /projects/5/merge_requests/3/notes']);
  });

  it('updates its note', async () => {
    const { told } = await publish({
      [notes]: [
        { id: 1, author: { id: 1 }, body: `${MARKER}\nforged` },
        { id: 2, author: { id: 42 }, body: `${MARKER}\nold` },
      ],
    });
    expect(told).toEqual(['PUT /projects/5/merge_requests/3/notes/2']);
  });

  it('takes the commit of a merged result, when it is the present one', async () => {
    const job = { ref: 'refs/merge-requests/3/merge', commit: { id: 'c'.repeat(40) }, pipeline: { id: 8 } };
    const request = { state: 'opened', sha: SHA, head_pipeline: { id: 8 } };
    const { told } = await publish({ 'GET /projects/5/jobs/11': job, 'GET /projects/5/merge_requests/3': request });
    expect(told).toEqual(['POST /projects/5/merge_requests/3/notes']);
  });

  it.each([
    ['an older commit', { 'GET /projects/5/merge_requests/3': { state: 'opened', sha: 'b'.repeat(40) } }, 0],
    ['a merge request that is closed', { 'GET /projects/5/merge_requests/3': { state: 'closed', sha: SHA } }, 0],
    ['a job of a branch', { 'GET /projects/5/jobs/11': { ref: 'main', commit: { id: SHA }, pipeline: { id: 8 } } }, 1],
  ])('publishes nothing for %s', async (_, change, expected) => {
    const { told, code } = await publish(change);
    expect({ told, code }).toEqual({ told: [], code: expected });
  });
});

it('says how it is used', async () => {
  const { code, err } = await run('bitbucket', 'x', {});
  expect({ code, err }).toEqual({ code: 2, err: 'usage: node publish.mjs github|gitlab <reviews>\n' });
});
