/** Requests that wait on this machine, and the approver who answers them there. */
import { spawnSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { approvalDirectory, socket, waitingRequests } from '@leasehold/runtime/socket';
import type { ApprovalRequest } from '../../../../runtime/src/approval';
import { eventually, never, rejection, requestOf, SHOWN } from '../support';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lh-'));
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(directory, { recursive: true, force: true });
});

function ask(request: ApprovalRequest = requestOf(), signal = never().signal) {
  const asked = socket({ directory })(request, { signal });
  // Tests look at a rejection later than it comes.
  asked.catch(() => {});
  return asked;
}

async function waiting(count = 1) {
  return eventually(async () => {
    const list = await waitingRequests(directory);
    if (list.requests.length === count) return list.requests;
    list.close();
    return undefined;
  });
}

async function one() {
  const [request] = await waiting();
  if (request === undefined) throw new Error('Nothing waits.');
  return request;
}

/** A connection that speaks for itself. */
async function rawConnection(): Promise<{ readonly connection: Socket; readonly heard: () => string }> {
  const name = await eventually(() => readdirSync(directory).find((each) => each.endsWith('.sock')));
  const connection = connect(join(directory, name));
  let text = '';
  connection.on('data', (chunk) => {
    text += chunk.toString();
  });
  connection.on('error', () => {});
  await eventually(() => text.includes('\n'));
  return { connection, heard: () => text };
}

describe('a request that waits', () => {
  it('is shown whole, and approved with a code', async () => {
    const asked = ask();
    const request = await one();
    expect(request.request).toEqual(requestOf({ answerBy: request.request.answerBy }));
    for (const fact of SHOWN) expect(request.lines.join('\n')).toContain(fact);

    expect(await request.approve('oncall', '123456')).toEqual({ result: 'taken' });
    const approval = await asked;
    expect([approval.approver, approval.takeCode()]).toEqual(['oncall', '123456']);
  });

  it('is denied', async () => {
    const asked = ask();
    expect(await (await one()).deny('lead')).toEqual({ result: 'taken' });
    expect(await rejection(asked)).toMatchObject({ code: 'denied', retryable: false });
  });

  it('stays where the answer is refused, and takes a better one', async () => {
    const asked = ask();
    const request = await one();
    expect(await request.approve('mallory', '123456')).toMatchObject({
      result: 'refused',
      because: expect.stringMatching(/not an approver/),
    });
    expect(await request.approve('oncall', '12345')).toMatchObject({
      result: 'refused',
      because: expect.stringMatching(/six digits/),
    });
    expect(await request.approve('oncall', '123456')).toEqual({ result: 'taken' });
    expect((await asked).approver).toBe('oncall');
  });

  it('waits beside those of other agents, each with its own answer', async () => {
    const first = ask(requestOf({ id: 'lh-first' }));
    const second = ask(requestOf({ id: 'lh-second' }));
    const requests = await waiting(2);
    const byId = (id: string) => requests.find(({ request }) => request.id === id);
    await byId('lh-second')?.approve('lead', '222222');
    await byId('lh-first')?.approve('oncall', '111111');
    expect((await first).takeCode()).toBe('111111');
    expect((await second).takeCode()).toBe('222222');
  });

  it('takes the first of two answers', async () => {
    const asked = ask();
    const [one, other] = [(await waiting())[0], (await waiting())[0]];
    const replies = await Promise.all([one?.approve('oncall', '111111'), other?.deny('lead')]);
    expect(replies.map((reply) => reply?.result).sort()).toEqual(['over', 'taken']);
    await asked.catch(() => {});
  });

  it.each([
    ['lapsed', 'Lapsed: nobody answered in time.'],
    ['aborted', 'Withdrawn by the agent.'],
  ])('tells whoever looks at it that it was %s, and leaves nothing behind', async (code, said) => {
    const abort = new AbortController();
    const soon = new Date(Date.now() + (code === 'lapsed' ? 400 : 60_000));
    const asked = ask(requestOf({ answerBy: soon }), abort.signal);
    const outcome = rejection(asked);
    const request = await one();
    if (code === 'aborted') abort.abort();
    expect(await outcome).toMatchObject({ code });
    await eventually(() => request.over.aborted);
    expect(request.over.reason).toBe(said);
    expect(await request.approve('oncall', '123456')).toEqual({ result: 'over', because: said });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('is not asked at all when it was taken back before', async () => {
    expect(await rejection(ask(requestOf(), AbortSignal.abort()))).toMatchObject({ code: 'aborted' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('stands behind a socket that only its user can open', async () => {
    const asked = ask();
    const request = await one();
    const [name = ''] = readdirSync(directory);
    expect(lstatSync(join(directory, name)).mode & 0o777).toBe(0o600);
    await request.deny('lead');
    await rejection(asked);
  });
});

describe('the protocol refuses', () => {
  it.each([
    ['what is no JSON', 'approve 123456\n'],
    ['JSON that is no answer', '[1]\n'],
    [
      'an answer that is given twice',
      '{"key":"KEY","answer":"deny","answer":"approve","approver":"oncall","code":"123456"}\n',
    ],
    ['an answer of another kind', '{"key":"KEY","answer":"widen","approver":"oncall"}\n'],
    ["another request's answer", '{"key":"another","answer":"approve","approver":"oncall","code":"123456"}\n'],
    ['an answer without a key', '{"answer":"approve","approver":"oncall","code":"123456"}\n'],
  ])('%s, and repeats nothing of it', async (_, line) => {
    const asked = ask();
    const { connection, heard } = await rawConnection();
    const { key } = JSON.parse(heard());
    connection.write(line.replace('KEY', key));
    await eventually(() => connection.closed);
    const said = heard().split('\n')[1] ?? '';
    expect(JSON.parse(said)).toEqual({ result: 'refused', because: 'This is not an answer to this request.' });
    const request = await one();
    expect(await request.deny('lead')).toEqual({ result: 'taken' });
    await rejection(asked);
  });

  it('a line that does not end', async () => {
    const asked = ask();
    const { connection, heard } = await rawConnection();
    connection.write('x'.repeat(100_000));
    await eventually(() => connection.closed);
    expect(heard().split('\n')[1]).toBe('');
    await (await one()).deny('lead');
    await rejection(asked);
  });

  it('takes an answer that comes in pieces', async () => {
    const asked = ask();
    const { connection, heard } = await rawConnection();
    const { key } = JSON.parse(heard());
    const line = `${JSON.stringify({ key, answer: 'approve', approver: 'oncall', code: '123456' })}\n`;
    for (const char of line) {
      connection.write(char);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await asked).takeCode()).toBe('123456');
  });
});

describe("the approver's side", () => {
  it('takes nothing for a request that it cannot read, and says so', async () => {
    const speak = (name: string, line: string) =>
      new Promise<() => void>((resolve) => {
        const server = createServer((connection) => connection.end(line));
        server.listen(join(directory, name), () => resolve(() => server.close()));
      });
    const lines = ['hello\n', '{"leasehold":2,"key":"k","request":{}}\n', '{"leasehold":1,"key":"k","request":{}}\n'];
    const closes = await Promise.all(lines.map((line, index) => speak(`${index}.sock`, line)));
    expect(await waitingRequests(directory)).toMatchObject({ requests: [], unreadable: 3 });
    for (const close of closes) close();
  });

  it('removes what an agent that is gone left behind', async () => {
    const left = join(directory, 'left.sock');
    const listen = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
    spawnSync(process.execPath, ['-e', listen, left]);
    expect(readdirSync(directory)).toEqual(['left.sock']);
    expect(await waitingRequests(directory)).toMatchObject({ requests: [], unreadable: 0 });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('leaves alone what is no socket', async () => {
    writeFileSync(join(directory, 'notes.sock'), 'mine');
    symlinkSync(join(directory, 'notes.sock'), join(directory, 'link.sock'));
    expect(await waitingRequests(directory)).toMatchObject({ requests: [], unreadable: 0 });
    expect(readdirSync(directory).sort()).toEqual(['link.sock', 'notes.sock']);
  });
});

describe('the folder', () => {
  it.each([
    [{ XDG_RUNTIME_DIR: '/run/user/1000' }, '/run/user/1000/leasehold'],
    [{ XDG_RUNTIME_DIR: 'relative' }, expect.stringMatching(/\/\.leasehold\/run$/)],
    [{}, expect.stringMatching(/\/\.leasehold\/run$/)],
  ])('of %j is %s', (env, expected) => {
    expect(approvalDirectory(env)).toEqual(expected);
  });

  it('is made with mode 0700 where it is missing', async () => {
    directory = join(directory, 'deep', 'er');
    const asked = ask();
    const request = await one();
    expect(lstatSync(directory).mode & 0o777).toBe(0o700);
    await request.deny('lead');
    await rejection(asked);
  });

  const unsafe: readonly (readonly [string, (folder: string) => string])[] = [
    [
      'others can read',
      (folder) => {
        chmodSync(folder, 0o750);
        return folder;
      },
    ],
    [
      'is a link',
      (folder) => {
        mkdirSync(join(folder, 'real'), { mode: 0o700 });
        symlinkSync(join(folder, 'real'), join(folder, 'link'));
        return join(folder, 'link');
      },
    ],
    [
      'is a file',
      (folder) => {
        writeFileSync(join(folder, 'file'), '');
        return join(folder, 'file');
      },
    ],
    [
      'lies in a folder where others can swap it',
      (folder) => {
        chmodSync(folder, 0o777);
        mkdirSync(join(folder, 'mine'), { mode: 0o700 });
        return join(folder, 'mine');
      },
    ],
    [
      'belongs to another user',
      (folder) => {
        jest.spyOn(process, 'getuid').mockReturnValue(4_000_000_000);
        return folder;
      },
    ],
    ['has too long a path for a socket', (folder) => join(folder, 'x'.repeat(90))],
  ];

  it.each(unsafe)('is refused when it %s: nobody is asked there', async (_, make) => {
    const place = make(directory);
    expect(await rejection(socket({ directory: place })(requestOf(), never()))).toMatchObject({
      code: 'channel-failed',
      retryable: false,
      hint: expect.stringMatching(/\S/),
    });
  });

  it.each(unsafe.slice(0, -1))('is refused to the approver, too, when it %s', async (_, make) => {
    const place = make(directory);
    expect(await rejection(waitingRequests(place))).toMatchObject({ code: 'channel-failed' });
  });
});
