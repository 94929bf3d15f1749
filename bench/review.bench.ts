/** `leasehold review` on large plans, whole process. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, type Measurement, median } from './benchmark';
import { largePlan } from './large-plan';
import { LEASEHOLD, type Measured, measure, PEAK_MEMORY } from './program';

const TURNS = 5;
const [SMALL, LARGE] = [10_000, 50_000];

export const benchmark: Benchmark = {
  title: 'Review: `leasehold review`, a plan of 5 kB a resource, one resource in three about access, whole process',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      writeFileSync(join(folder, 'peak-memory.js'), PEAK_MEMORY);
      const small = await review(folder, SMALL, TURNS);
      const large = await review(folder, LARGE, 3);
      const growth = large.seconds / small.seconds / (LARGE / SMALL);
      return [
        { name: 'size of 10,000 resources', value: small.megabytes, unit: 'MB' },
        { name: '10,000 resources', value: small.seconds, unit: 's', atMost: 2 },
        { name: '10,000 resources, peak memory', value: small.peakMb, unit: 'MB', atMost: 400 },
        { name: '50,000 resources', value: large.seconds, unit: 's' },
        { name: '50,000 resources, peak memory', value: large.peakMb, unit: 'MB' },
        { name: 'growth beside linear, 10,000 to 50,000', value: growth, unit: '×', atMost: 1.15 },
      ] satisfies Measurement[];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function review(
  folder: string,
  count: number,
  turns: number,
): Promise<Measured & { readonly megabytes: number }> {
  const plan = join(folder, 'plan.json');
  const text = largePlan(count);
  writeFileSync(plan, text);
  const runs: Measured[] = [];
  // What is found is nothing critical, so that the exit code is 0.
  const command = [LEASEHOLD, 'review', plan, '--fail-on', 'critical', '--json'];
  for (let turn = 0; turn <= turns; turn += 1) runs.push(await measure(folder, command, folder));
  const counted = runs.slice(1);
  return {
    seconds: median(counted.map(({ seconds }) => seconds)),
    peakMb: median(counted.map(({ peakMb }) => peakMb)),
    megabytes: text.length / 1e6,
  };
}
