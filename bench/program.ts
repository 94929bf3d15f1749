/** Programs as they are run when installed: compiled to JavaScript, each in a process of its own, and measured whole. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { median } from './benchmark';

/** This project. */
export const ROOT = join(__dirname, '..');

/** The program that `npm i` puts on the path; `npm run bench` builds it first. */
export const LEASEHOLD = join(ROOT, 'lib', 'cli', 'bin', 'leasehold.js');

/** Compiles files and folders of this project, without checking types, into a folder that can resolve their imports. */
export function compile(paths: readonly string[], outdir: string): void {
  for (const file of paths.flatMap((path) => filesIn(join(ROOT, path)))) {
    const to = join(outdir, relative(ROOT, file));
    mkdirSync(dirname(to), { recursive: true });
    if (extname(file) !== '.ts') {
      cpSync(file, to);
      continue;
    }
    const compilerOptions = { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, esModuleInterop: true };
    const { outputText } = transpileModule(readFileSync(file, 'utf8'), { compilerOptions });
    writeFileSync(to.replace(/\.ts$/, '.js'), outputText);
  }
  symlinkSync(join(ROOT, 'node_modules'), join(outdir, 'node_modules'));
}

/** What one run of a program took. */
export interface Measured {
  /** From start to exit. */
  readonly seconds: number;
  /** Of the processor: what else the machine does counts little. */
  readonly processorSeconds: number;
  /** Largest resident set, in MB. */
  readonly peakMb: number;
}

/** A program, with its arguments, and the folder in which it runs. */
export interface Program {
  readonly program: readonly string[];
  readonly cwd: string;
}

/** Runs programs by turns, each in a process of its own, and returns the medians of each. */
export async function measureByTurns<Name extends string>(
  programs: Readonly<Record<Name, Program>>,
  turns: number,
): Promise<Readonly<Record<Name, Measured>>> {
  const names = Object.keys(programs) as Name[];
  const runs = Object.fromEntries(names.map((name) => [name, [] as Measured[]])) as Record<Name, Measured[]>;
  // The first turn warms the file cache and is not counted.
  for (let turn = 0; turn <= turns; turn += 1) {
    for (const name of turn % 2 === 0 ? names : names.toReversed()) {
      const run = await measure(programs[name]);
      if (turn > 0) runs[name].push(run);
    }
  }
  const middle = (of: readonly Measured[]): Measured => ({
    seconds: median(of.map(({ seconds }) => seconds)),
    processorSeconds: median(of.map(({ processorSeconds }) => processorSeconds)),
    peakMb: median(of.map(({ peakMb }) => peakMb)),
  });
  return Object.fromEntries(names.map((name) => [name, middle(runs[name])])) as Record<Name, Measured>;
}

/** Runs a compiled program; anything but exit code 0 is an error. */
async function measure({ program, cwd }: Program): Promise<Measured> {
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--require', join(__dirname, 'usage.cjs'), ...program], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [stderr, usage] = [collect(child.stderr), collect(child.stdio[3])];
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}: ${await stderr}`);
  const { maxRSS, processorTime }: { maxRSS: number; processorTime: number } = JSON.parse(await usage);
  return { seconds, processorSeconds: processorTime / 1e6, peakMb: maxRSS / 1024 };
}

async function collect(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function filesIn(path: string): readonly string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}
