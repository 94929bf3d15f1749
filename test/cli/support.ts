/** A host that records, the projects that the tests read, and golden texts. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Host } from '../../lib/cli/host';
import { run } from '../../lib/cli/program';

/** What a command line came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Carries out a command line, words separated by spaces or given one by one, without a process of its own. */
export async function leasehold(line: string | readonly string[], host: Partial<Host> = {}): Promise<Ran> {
  const written = { out: '', err: '' };
  const recording: Host = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    outColumns: undefined,
    errColumns: undefined,
    cwd: project('hermes'),
    env: {},
    today: '2026-11-22',
    ...host,
  };
  const code = await run(typeof line === 'string' ? line.split(' ').filter(Boolean) : line, recording);
  return { code, ...written };
}

/** Absolute path of a project of `test/cli/projects`. */
export function project(name: string): string {
  return join(__dirname, 'projects', name);
}

/** Holds a text against its golden file. `LEASEHOLD_GOLDEN=write npm test` writes them anew. */
export function expectGoldenText(name: string, text: string): void {
  expectFile(join(__dirname, 'golden', name), text);
}

/** Holds a text against a file of the repository, likewise. */
export function expectFile(file: string, text: string): void {
  if (process.env.LEASEHOLD_GOLDEN === 'write') {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).toBe(readFileSync(file, 'utf8'));
}

const folders: string[] = [];

/** A new empty folder, gone when {@link removeFolders} is called. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-cli-'));
  folders.push(folder);
  return folder;
}

export function removeFolders(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A project in a new folder, from the texts of its files under `roles/`. */
export function newProject(files: Readonly<Record<string, string>>): string {
  const folder = newFolder();
  mkdirSync(join(folder, 'roles'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'roles', name), text);
  return folder;
}
