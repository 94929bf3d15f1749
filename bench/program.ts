/** Programs as they are run when installed: compiled to JavaScript, each in a process of its own, and measured whole. */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, extname, join, relative } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

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
  writeFileSync(join(outdir, 'peak-memory.js'), PEAK_MEMORY);
}

/** What one run of a program took. */
export interface Measured {
  /** From start to exit. */
  readonly seconds: number;
  /** Largest resident set, in MB. */
  readonly peakMb: number;
}

/** Runs a compiled program of `outdir` in a folder; anything but exit code 0 is an error. */
export async function measure(outdir: string, program: readonly string[], cwd: string): Promise<Measured> {
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--require', join(outdir, 'peak-memory.js'), ...program], {
    cwd,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const [stderr, peak] = [collect(child.stderr), collect(child.stdio[3])];
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (code !== 0) throw new Error(`${program.join(' ')} ended with ${code}: ${await stderr}`);
  return { seconds, peakMb: Number(await peak) / 1024 };
}

/** JavaScript that tells the largest resident set (kB) on file descriptor 3 at the end of the process that loads it. */
export const PEAK_MEMORY = `process.once('exit', () => require('node:fs').writeSync(3, String(process.resourceUsage().maxRSS)));\n`;

async function collect(stream: unknown): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

function filesIn(path: string): readonly string[] {
  return statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];
}
