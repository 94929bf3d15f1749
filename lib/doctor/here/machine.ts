/** Access to the machine on which an agent runs. Tests replace this interface. */
import { execFile } from 'node:child_process';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { jsonIn } from '../live/decode';
import { Unread } from '../unread';

/** A location of AWS credentials. Contains no credential values. */
export interface FoundCredentials {
  readonly kind: 'environment' | 'profile' | 'cache' | 'container' | 'instance';
  readonly what: string;
  readonly where: string;
}

/** Who may use a file or folder. */
export interface FileRights {
  readonly uid: number;
  /** Permission bits. */
  readonly mode: number;
  readonly kind: 'folder' | 'file' | 'socket' | 'link';
}

/** A program or library that uses AWS. */
export type Sdk = 'aws-cli' | 'botocore' | 'javascript';

export interface Machine {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** The folder for temporary files. */
  readonly temporary: string;
  /** The numeric id of the user; `undefined` on Windows. */
  readonly uid: number | undefined;
  /** For example `22.11.0`. */
  readonly nodeVersion: string;
  readonly now: () => Date;
  /** Every location where credentials were found, except the agent's own credentials. */
  readonly credentials: () => Promise<readonly FoundCredentials[]>;
  /** The access rights of a file; `undefined` if the file does not exist. @throws Unread */
  readonly rights: (path: string) => Promise<FileRights | undefined>;
  /** The text of a file; `undefined` if the file does not exist. @throws Unread */
  readonly text: (path: string) => Promise<string | undefined>;
  /** Names of the entries of a folder. @throws Unread */
  readonly names: (folder: string) => Promise<readonly string[]>;
  /** The version of an SDK; `undefined` if the SDK is not installed. @throws Unread */
  readonly version: (sdk: Sdk) => Promise<string | undefined>;
  /** The current time that a server returns. @throws Unread */
  readonly timeAt: (url: string) => Promise<Date>;
}

export interface MachineOptions {
  readonly env: Machine['env'];
  readonly cwd: string;
  readonly credentials: Machine['credentials'];
}

/** Returns access to the machine on which this process runs. */
export function thisMachine({ env, cwd, credentials }: MachineOptions): Machine {
  return {
    env,
    home: env.HOME || homedir(),
    temporary: tmpdir(),
    uid: process.getuid?.(),
    nodeVersion: process.versions.node,
    now: () => new Date(),
    credentials,
    rights: (path) => present(path, async () => rightsOf(await lstat(path))),
    text: (path) => present(path, () => readFile(path, 'utf8')),
    names: async (folder) => (await present(folder, () => readdir(folder))) ?? [],
    version: (sdk) => versionOf(sdk, { env, cwd }),
    timeAt,
  };
}

/** `undefined` if a path does not exist. */
async function present<T>(path: string, read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (cause) {
    const { code = 'an error' } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Unread(
      {
        code: 'no-permission',
        message: `${path} cannot be read (${code})`,
        hint: 'Run the doctor as the user of the agent.',
      },
      { cause },
    );
  }
}

function rightsOf(stats: Awaited<ReturnType<typeof lstat>>): FileRights {
  const kind = stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'link' : stats.isSocket() ? 'socket' : 'file';
  return { uid: Number(stats.uid), mode: Number(stats.mode) & 0o7777, kind };
}

const COMMANDS: Readonly<Record<Exclude<Sdk, 'javascript'>, readonly [string, readonly string[]]>> = {
  'aws-cli': ['aws', ['--version']],
  botocore: ['python3', ['-c', 'import botocore; print("botocore/" + botocore.__version__)']],
};

/** @throws Unread if the SDK is installed but its version cannot be determined */
async function versionOf(sdk: Sdk, { env, cwd }: Pick<MachineOptions, 'env' | 'cwd'>): Promise<string | undefined> {
  const text = sdk === 'javascript' ? await javascriptVersion(cwd) : await stated(env, ...COMMANDS[sdk]);
  if (text === undefined) return undefined;
  const version = /(?:^|\/)(\d+(?:\.\d+)+)/.exec(text)?.[1];
  if (version === undefined) throw unstated(sdk, 'its answer contains no version');
  return version;
}

/** Reads the version from the `package.json` of the SDK that Node.js resolves from a folder. */
async function javascriptVersion(cwd: string): Promise<string | undefined> {
  const folders = createRequire(join(cwd, 'package.json')).resolve.paths('@aws-sdk/client-sts') ?? [];
  for (const folder of folders) {
    const path = join(folder, '@aws-sdk', 'client-sts', 'package.json');
    const text = await present(path, () => readFile(path, 'utf8'));
    if (text !== undefined) return String((jsonIn(text) as { readonly version?: unknown } | undefined)?.version);
  }
  return undefined;
}

/**
 * The output of a program; `undefined` if the program, or what it imports, is not installed. The program is run in the
 * root folder, because Python imports modules from the current folder, version managers read files in it, and the search
 * path can contain it: whoever wrote a file there would decide what is run.
 */
async function stated(env: Machine['env'], program: string, args: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(program, [...args], { timeout: 20_000, env, cwd: '/' });
    // The AWS CLI 1 writes its version to stderr with old versions of Python.
    return stdout || stderr;
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { readonly stderr?: string };
    if (code === 'ENOENT' || /^ModuleNotFoundError: /m.test(stderr)) return undefined;
    throw unstated(program, typeof code === 'string' ? code : 'it failed');
  }
}

function unstated(what: string, why: string): Unread {
  return new Unread({
    code: 'unreadable',
    message: `the version of ${what} cannot be read (${why})`,
    hint: 'Compare its version by hand.',
  });
}

async function timeAt(url: string): Promise<Date> {
  try {
    const { headers } = await fetch(url, { method: 'GET', redirect: 'manual', signal: AbortSignal.timeout(10_000) });
    const time = new Date(headers.get('date') ?? '');
    if (!Number.isNaN(time.getTime())) return time;
  } catch {
    // A failed request is treated like a response without a date.
  }
  throw new Unread({
    code: 'no-answer',
    message: `${url} gave no answer with a date`,
    hint: 'Check the network, or compare the clock by hand.',
  });
}
