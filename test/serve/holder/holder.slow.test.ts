/** One holder per user: it keeps leases in memory, asks one program to ask the human, and ends itself. */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import {
  type HeldLease,
  type Holder,
  holdLease,
  leaseKey,
  privateFolder,
  startHolder,
  startHolderProcess,
} from '@leasehold/serve/holder';
import { ownSocket } from '../../../lib/serve/holder/folder';
import type { Lease } from '../../../runtime/src/lease-client';
import { LeaseError } from '../../../runtime/src/lease-error';
import { FROM_SOURCES } from '../../support/sources';
import { aLease, DENIED, SECRETS } from '../endpoint/double';

const REQUEST = { reason: 'Upload build 1.4.2 for ticket OPS-481' };
const KEY = leaseKey({ role: 's3-deploy', ...REQUEST });

let root: string;
let folder: string;
let now: number;
const holders: Holder[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leasehold-holder-'));
  folder = join(root, 'own');
  now = Date.now();
});

afterEach(async () => {
  jest.restoreAllMocks();
  for (const holder of holders.splice(0)) {
    holder.stop();
    await holder.ended;
  }
  rmSync(root, { recursive: true, force: true });
});

/** Starts the holder in this process, as a program would start it in another. */
function start(idle = 60_000): void {
  void startHolder({ folder, idle, now: () => now }).then((holder) => holder && holders.push(holder));
}

/** A program that wants the lease. */
function wants(open: () => Promise<Lease>, key = KEY, patience = 10_000) {
  return holdLease(key, open, { folder, start: () => start(), patience });
}

const opens = (length?: number) => jest.fn(async () => aLease('s3-deploy', REQUEST, now, length));
const never = () => Promise.reject(new Error('a human was asked'));

describe('the human is asked once', () => {
  it('for programs one after another: each gets the same lease', async () => {
    const open = opens();
    const first = await wants(open);
    for (let each = 0; each < 20; each += 1) {
      const again = await wants(never);
      expect(again).toMatchObject({ id: first.id, role: 's3-deploy', expiresAt: first.expiresAt });
      expect(await partsOf(again)).toEqual(await partsOf(first));
    }
    expect(open).toHaveBeenCalledTimes(1);
    expect(await partsOf(first)).toMatchObject({ secretAccessKey: SECRETS[0], sessionToken: SECRETS[1] });
  });

  it('for programs at once: the others wait for the answer', async () => {
    const open = jest.fn(
      () => new Promise<Lease>((resolve) => setTimeout(() => resolve(aLease('s3-deploy', REQUEST, now)), 100)),
    );
    const ids = await Promise.all(Array.from({ length: 10 }, async () => (await wants(open)).id));
    expect(new Set(ids).size).toBe(1);
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('for each request: another reason, another lease', async () => {
    await wants(opens());
    const other = opens();
    await wants(other, leaseKey({ role: 's3-deploy', reason: 'Another thing to do' }));
    expect(other).toHaveBeenCalledTimes(1);
  });

  it('the key is the same however the request is written, and another for another request', () => {
    const request = { role: 'r', parameters: { a: '1', b: '2' }, duration: 900 };
    expect(leaseKey({ duration: 900, parameters: { b: '2', a: '1' }, role: 'r' })).toBe(leaseKey(request));
    const others = [
      { ...request, role: 's' },
      { ...request, duration: 901 },
      { ...request, parameters: { a: '1' } },
    ];
    expect(new Set([request, ...others].map(leaseKey)).size).toBe(4);
  });

  it('when the one that asks goes away, the next one asks', async () => {
    let give = () => {};
    const started = new Promise<void>((resolve) => {
      give = resolve;
    });
    const first = wants(() => {
      give();
      return new Promise((_, reject) =>
        setTimeout(() => reject(new LeaseError('aborted', 'Taken back.', 'Ask anew.', false)), 50),
      );
    });
    const failed = expect(first).rejects.toMatchObject({ code: 'aborted' });
    await started;
    const open = opens();
    const second = wants(open);
    await failed;
    expect((await second).role).toBe('s3-deploy');
    expect(open).toHaveBeenCalledTimes(1);
  });
});

describe('a denial is final', () => {
  it('whoever waits hears it, and so does the same request later; nobody is asked again', async () => {
    const open = jest.fn(() => new Promise<Lease>((_, reject) => setTimeout(() => reject(DENIED()), 50)));
    const all = await Promise.allSettled([wants(open), wants(open), wants(open)]);
    for (const each of all) {
      expect(each).toMatchObject({ status: 'rejected', reason: { code: 'denied', message: 'oncall said no.' } });
    }
    await expect(wants(never)).rejects.toMatchObject({ code: 'denied', hint: 'Do something else.' });
    expect(open).toHaveBeenCalledTimes(1);
  });

  it('three in a row, and nobody is asked for a quarter of an hour, whatever is wanted', async () => {
    for (const reason of ['one', 'two', 'three']) {
      await expect(wants(() => Promise.reject(DENIED()), leaseKey({ reason }))).rejects.toMatchObject({
        code: 'denied',
      });
    }
    await expect(wants(never, leaseKey({ reason: 'four' }))).rejects.toMatchObject({ code: 'circuit-open' });
    now += 15 * 60_000;
    expect((await wants(opens(), leaseKey({ reason: 'four' }))).role).toBe('s3-deploy');
  });

  it.each(['lapsed', 'channel-failed', 'unavailable', 'invalid-request'] as const)(
    '%s is not remembered: the next one may ask',
    async (code) => {
      const error = new LeaseError(code, 'What happened.', 'What to do.', true);
      await expect(wants(() => Promise.reject(error))).rejects.toMatchObject({ code });
      expect((await wants(opens())).role).toBe('s3-deploy');
    },
  );
});

describe('a lease ends', () => {
  it('and is then asked for anew, never renewed', async () => {
    const first = await wants(opens());
    now += 900_000;
    const again = opens();
    expect((await wants(again)).id).not.toBe(first.id);
    expect(again).toHaveBeenCalledTimes(1);
  });

  it('and with the last one the holder ends itself and removes its socket', async () => {
    const holder = await startHolder({ folder, idle: 20 });
    if (!holder) throw new Error('no holder');
    await holdLease(KEY, async () => aLease('s3-deploy', REQUEST, Date.now(), 150), { folder, start: never });
    expect(existsSync(join(folder, 'holder.sock'))).toBe(true);
    await holder.ended;
    expect(readdirSync(folder)).toEqual([]);
  });

  it('a holder that nobody asks anything ends itself', async () => {
    const holder = await startHolder({ folder, idle: 20 });
    await holder?.ended;
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('only the same user can open it', () => {
  it('its folder and its socket are closed to others', async () => {
    await wants(opens());
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, 'holder.sock')).mode & 0o077).toBe(0);
  });

  it('nothing is written to disk', async () => {
    await wants(opens());
    expect(readdirSync(folder)).toEqual(['holder.sock']);
  });

  it.each<[string, () => void]>([
    ['is open to the group', () => mkdirSync(folder, { mode: 0o770 })],
    [
      'is readable for others',
      () => {
        mkdirSync(folder);
        chmodSync(folder, 0o704);
      },
    ],
    [
      'is a link',
      () => {
        mkdirSync(join(root, 'elsewhere'), { mode: 0o700 });
        symlinkSync(join(root, 'elsewhere'), folder);
      },
    ],
    ['is a file', () => writeFileSync(folder, '')],
    ['can be replaced by others, as the folder above is open to them', () => chmodSync(root, 0o777)],
  ])('a folder that %s is not trusted, and nobody is asked', async (_, prepare) => {
    prepare();
    await expect(wants(never)).rejects.toMatchObject({ name: 'HolderError', code: 'unavailable' });
    await expect(startHolder({ folder })).rejects.toMatchObject({ name: 'HolderError' });
  });

  it('a socket that is a link to another one is not trusted', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const spoof = createServer((socket) => socket.write('{"open":true}\n'));
    await new Promise<void>((resolve) => spoof.listen(join(root, 'spoof.sock'), resolve));
    symlinkSync(join(root, 'spoof.sock'), join(folder, 'holder.sock'));
    await expect(wants(never)).rejects.toMatchObject({ name: 'HolderError' });
    spoof.close();
  });

  it('a folder of another user is not trusted', async () => {
    mkdirSync(folder, { mode: 0o700 });
    jest.spyOn(process, 'getuid').mockReturnValue(12345);
    await expect(wants(never)).rejects.toMatchObject({ message: expect.stringContaining('belongs to another user') });
  });

  it('a socket of another user, or one open to others, is not trusted', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const path = join(folder, 'holder.sock');
    const spoof = createServer();
    await new Promise<void>((resolve) => spoof.listen(path, resolve));
    chmodSync(path, 0o666);
    await expect(wants(never)).rejects.toMatchObject({ name: 'HolderError' });
    chmodSync(path, 0o600);
    expect(ownSocket(path)).toBe(true);
    jest.spyOn(process, 'getuid').mockReturnValue(12345);
    expect(() => ownSocket(path)).toThrow('not a socket that only this user can open');
    spoof.close();
  });

  it('the folder is the user’s own runtime folder, or one under the temporary files', () => {
    const runtime = join(root, 'run');
    mkdirSync(runtime, { mode: 0o700 });
    expect(privateFolder({ XDG_RUNTIME_DIR: runtime })).toBe(join(runtime, 'leasehold'));
    expect(privateFolder({})).toBe(join(tmpdir(), `leasehold-${process.getuid?.()}`));
    expect(privateFolder({ XDG_RUNTIME_DIR: 'relative' })).toBe(privateFolder({}));
  });
});

describe('what nobody should say to it', () => {
  const talk = (text: string) =>
    new Promise<string>((resolve) => {
      const socket = connect(join(folder, 'holder.sock'), () => socket.write(text));
      let heard = '';
      socket.on('data', (chunk: Buffer) => {
        heard += chunk;
      });
      socket.on('error', () => {});
      socket.on('close', () => resolve(heard));
    });
  const planted = { ...aLeaseOnTheWire(), id: 'planted' };

  it.each([
    ['a lease that nobody was asked for', `${JSON.stringify({ put: planted })}\n`],
    [
      'a lease after a question that somebody else asks the human',
      `${JSON.stringify({ get: KEY })}\n${JSON.stringify({ put: planted })}\n`,
    ],
    ['no JSON', 'GET / HTTP/1.1\n'],
    ['no object', 'null\n'],
    ['a key that is none', '{"get":"s3-deploy"}\n'],
    ['no end', 'x'.repeat(100_000)],
  ])('%s ends the connection, and nothing is held of it', async (_, text) => {
    const holder = await startHolder({ folder, now: () => now });
    if (holder) holders.push(holder);
    let approve: (lease: Lease) => void = () => {};
    const asking = wants(
      () =>
        new Promise((resolve) => {
          approve = resolve;
        }),
    );
    while (!(await alive())) await new Promise((resolve) => setTimeout(resolve, 5));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await talk(text)).toBe('');
    approve(aLease('s3-deploy', REQUEST, now));
    expect((await asking).id).not.toBe('planted');
    expect((await wants(never)).id).toBe((await asking).id);
  });

  const alive = async () => existsSync(join(folder, 'holder.sock'));
});

describe('holders come and go', () => {
  it('a second one does not start beside the first', async () => {
    start();
    await wants(opens());
    expect(await startHolder({ folder })).toBeUndefined();
    expect((await wants(never)).role).toBe('s3-deploy');
  });

  it('a socket that a dead one left is taken over', async () => {
    mkdirSync(folder, { mode: 0o700 });
    const path = join(folder, 'holder.sock');
    const script = `process.umask(0o077); require('node:net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).toBe(true);
    expect((await wants(opens())).role).toBe('s3-deploy');
    expect(readdirSync(folder)).toEqual(['holder.sock']);
  });

  it('one that ends while the human is asked loses nothing: the lease is left with the next', async () => {
    start();
    const lease = await wants(async () => {
      for (const holder of holders.splice(0)) {
        holder.stop();
        await holder.ended;
      }
      return aLease('s3-deploy', REQUEST, now);
    });
    expect((await wants(never)).id).toBe(lease.id);
  });

  it('one that does not start is told, and nobody is asked', async () => {
    await expect(holdLease(KEY, never, { folder, start: () => {}, patience: 50 })).rejects.toMatchObject({
      name: 'HolderError',
      message: 'The holder does not start.',
    });
  });

  it('its process keeps a lease after the program that started it, takes no variable of it, and ends itself', async () => {
    const length = 1_500;
    const before = [...process.execArgv];
    process.execArgv.push(...FROM_SOURCES);
    process.env.LEASEHOLD_TEST_SECRET = 'not for the holder';
    try {
      const open = jest.fn(async () => aLease('s3-deploy', REQUEST, Date.now(), length));
      const through = { folder, start: startHolderProcess, patience: 60_000 };
      const { id } = await holdLease(KEY, open, through);
      expect((await holdLease(KEY, never, through)).id).toBe(id);
      const environments = readdirSync('/proc')
        .filter((pid) => /^\d+$/.test(pid))
        .flatMap((pid) => {
          try {
            return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
              ? [readFileSync(`/proc/${pid}/environ`, 'utf8')]
              : [];
          } catch {
            return [];
          }
        });
      expect(environments).toEqual([expect.not.stringContaining('LEASEHOLD_TEST_SECRET')]);
      while (existsSync(join(folder, 'holder.sock'))) await new Promise((resolve) => setTimeout(resolve, 50));
    } finally {
      process.execArgv.splice(0, process.execArgv.length, ...before);
      delete process.env.LEASEHOLD_TEST_SECRET;
    }
  });
});

it('says at once that the path of its socket is too long, to whoever starts it and whoever wants a lease', async () => {
  folder = join(root, 'x'.repeat(110));
  mkdirSync(folder, { mode: 0o700 });
  const told = { name: 'HolderError', message: expect.stringContaining('too long for the path of a socket') };
  await expect(startHolder({ folder })).rejects.toMatchObject(told);
  const begun = jest.fn();
  await expect(holdLease(KEY, never, { folder, start: begun })).rejects.toMatchObject(told);
  expect(begun).not.toHaveBeenCalled();
});

it('that says nothing, since it was stopped, is no wait without end', async () => {
  mkdirSync(folder, { mode: 0o700 });
  const silent = createServer(() => {});
  const before = process.umask(0o077);
  await new Promise<void>((resolve) => silent.listen(join(folder, 'holder.sock'), resolve));
  process.umask(before);
  try {
    await expect(holdLease(KEY, never, { folder, start: () => {}, silence: 50 })).rejects.toMatchObject({
      name: 'HolderError',
      hint: expect.stringContaining('kill -CONT'),
    });
  } finally {
    silent.close();
  }
});

it('a program that waits for the answer of another goes when it is told to, and leaves the other alone', async () => {
  start();
  let answer: (lease: Lease) => void = () => {};
  const asked = new Promise<void>((begun) => {
    void holdLease(
      KEY,
      () => {
        begun();
        return new Promise<Lease>((resolve) => {
          answer = resolve;
        });
      },
      { folder, start: () => {} },
    ).catch(() => {});
  });
  await asked;
  const stop = new AbortController();
  const waiting = holdLease(KEY, never, { folder, start: () => {}, signal: stop.signal });
  waiting.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 100));
  stop.abort();
  await expect(waiting).rejects.toMatchObject({ code: 'aborted' });
  answer(aLease('s3-deploy', REQUEST));
  await expect(wants(never)).resolves.toMatchObject({ role: 's3-deploy' });
});

it('a held lease shows no secret', async () => {
  const lease = await wants(opens());
  const shown = [inspect(lease, { depth: 20, showHidden: true }), JSON.stringify(lease), `${lease}`].join('\n');
  for (const secret of SECRETS) expect(shown).not.toContain(secret);
});

async function partsOf({ credentials }: HeldLease) {
  const { accessKeyId, secretAccessKey, sessionToken } = await credentials();
  return { accessKeyId, secretAccessKey, sessionToken };
}

function aLeaseOnTheWire() {
  const [secretAccessKey, sessionToken] = SECRETS;
  const expiresAt = new Date(Date.now() + 900_000).toISOString();
  return { id: 'lh-1', role: 's3-deploy', expiresAt, accessKeyId: 'ASIA1', secretAccessKey, sessionToken };
}
