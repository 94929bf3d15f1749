/** `leasehold validate` on the reference project, as an editor or a pre-commit hook runs it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, median } from './benchmark';
import { LEASEHOLD, measure, PEAK_MEMORY, ROOT } from './program';

const TURNS = 15;

export const benchmark: Benchmark = {
  title: 'Validate: `leasehold validate` on the reference project, whole process',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      writeFileSync(join(folder, 'peak-memory.js'), PEAK_MEMORY);
      const runs = [];
      for (let turn = 0; turn <= TURNS; turn += 1) {
        runs.push(await measure(folder, [LEASEHOLD, 'validate'], ROOT));
      }
      const counted = runs.slice(1);
      return [
        { name: 'time', value: median(counted.map(({ seconds }) => seconds)), unit: 's', atMost: 0.6 },
        { name: 'peak memory', value: median(counted.map(({ peakMb }) => peakMb)), unit: 'MB' },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
