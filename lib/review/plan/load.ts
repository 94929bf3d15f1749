/**
 * Loads the JSON of a plan from a file, from standard input, or, with the help of `terraform` or `tofu`, from a binary
 * plan.
 */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isBinaryPlan, SHOW } from './bytes';
import { brief, PlanError } from './error';

export interface LoadOptions {
  /** Programs that can show a binary plan, in the order in which they are tried. Default: `terraform`, `tofu`. */
  readonly programs?: readonly string[];
  /**
   * Folder that was initialized for the plan. The program needs the providers in this folder. Default: the working
   * directory.
   */
  readonly directory?: string;
  /** The input to read if the source is `-`. Default: standard input. */
  readonly input?: AsyncIterable<Uint8Array | string>;
}

/**
 * Loads the text of a plan from the file `source`, or from standard input for `-`. An installed program converts a
 * binary plan with `show -json`. Throws {@link PlanError} `no-program` or `program-failed` if the conversion fails, and
 * the file system's error if a file cannot be read.
 */
export async function loadPlan(source: string, options: LoadOptions = {}): Promise<Uint8Array> {
  if (source === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of options.input ?? process.stdin) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks);
  }
  const bytes = await readFile(source);
  return isBinaryPlan(bytes) ? showPlan(source, options) : bytes;
}

/** The JSON text of a binary plan, as printed by the first program that can read the plan. */
export async function showPlan(path: string, options: LoadOptions = {}): Promise<Uint8Array> {
  const { programs = ['terraform', 'tofu'], directory = process.cwd() } = options;
  const failures: string[] = [];
  for (const program of programs) {
    const shown = await show(program, resolve(path), directory);
    if (shown.kind === 'shown') return shown.text;
    if (shown.kind === 'failed') failures.push(`${program}: ${shown.said}`);
  }
  if (failures.length === 0) {
    throw new PlanError({
      code: 'no-program',
      message: `${brief(path)} is a binary plan, and ${programs.join(' and ')} are not installed`,
      hint: SHOW,
    });
  }
  throw new PlanError({
    code: 'program-failed',
    message: `${brief(path)} cannot be shown: ${failures.join('; ')}`,
    hint: 'Run this in the folder where `terraform init` and `terraform plan` ran, with the same version.',
  });
}

type Shown =
  | { readonly kind: 'shown'; readonly text: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'failed'; readonly said: string };

/** Maximum length of a program's error output in an error message. */
const LONGEST = 600;

function show(program: string, path: string, directory: string): Promise<Shown> {
  return new Promise((settle) => {
    const child = spawn(program, ['show', '-json', '-no-color', path], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TF_IN_AUTOMATION: '1' },
    });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', (error: NodeJS.ErrnoException) => {
      settle(error.code === 'ENOENT' ? { kind: 'absent' } : { kind: 'failed', said: error.message });
    });
    child.once('close', (code) => {
      if (code === 0) settle({ kind: 'shown', text: Buffer.concat(out) });
      else
        settle({
          kind: 'failed',
          said: complaint(Buffer.concat(err).toString('utf8')) || `exit code ${code}`,
        });
    });
  });
}

/** The first error that a program printed, on one line and without the warnings before it. */
function complaint(text: string): string {
  const start = Math.max(0, text.indexOf('Error:'));
  return text
    .slice(start)
    .replace(/[\s│╷╵]+/g, ' ')
    .trim()
    .slice(0, LONGEST);
}
