import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPlan, PlanError, readPlan } from '../../../lib/review/plan';
import { aPlan } from './small-plans';

const text = JSON.stringify(aPlan());
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-plan-'));
  writeFileSync(join(folder, 'plan.json'), text);
  writeFileSync(join(folder, 'tfplan'), Buffer.of(0x50, 0x4b, 3, 4, 20, 0));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that stands for terraform. */
function program(name: string, script: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!${process.execPath}\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

async function faultOf(loaded: Promise<unknown>): Promise<PlanError> {
  const error = await loaded.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof PlanError) return error;
  throw error ?? new Error('it was loaded');
}

it('a file is read as it is', async () => {
  expect(readPlan(await loadPlan(join(folder, 'plan.json'))).formatVersion).toBe('1.2');
});

it('a dash is standard input', async () => {
  async function* input() {
    yield text.slice(0, 10);
    yield Buffer.from(text.slice(10));
  }
  expect(readPlan(await loadPlan('-', { input: input() })).formatVersion).toBe('1.2');
});

it('a binary plan is shown by the first program that can', async () => {
  const says = program(
    'says',
    `const [, , ...args] = process.argv;
     if (args.slice(0, 3).join(' ') !== 'show -json -no-color' || !args[3].endsWith('tfplan')) process.exit(2);
     process.stdout.write(${JSON.stringify(text)});`,
  );
  const fails = program(
    'fails',
    `process.stderr.write('Warning: old\\n\\nError: made by another version\\n'); process.exit(1);`,
  );
  const programs = [join(folder, 'absent'), fails, says];
  expect(readPlan(await loadPlan(join(folder, 'tfplan'), { programs })).formatVersion).toBe('1.2');

  const fault = await faultOf(loadPlan(join(folder, 'tfplan'), { programs: [fails] }));
  expect(fault.code).toBe('program-failed');
  expect(fault.message).toMatch(/Error: made by another version$/);
});

it('a binary plan without a program is refused, with what to do instead', async () => {
  const fault = await faultOf(loadPlan(join(folder, 'tfplan'), { programs: [join(folder, 'absent')] }));
  expect({ code: fault.code, hint: fault.hint }).toEqual({
    code: 'no-program',
    hint: expect.stringMatching(/terraform show -json/),
  });
});

it('a program that says nothing, and fails, is told by its exit code', async () => {
  const silent = program('silent', 'process.exit(3);');
  const fault = await faultOf(loadPlan(join(folder, 'tfplan'), { programs: [silent] }));
  expect(fault.message).toMatch(/silent: exit code 3$/);
});
