/**
 * `leasehold validate` on the reference project, as an editor or a pre-commit hook runs it; beside a program that only reads
 * the same files and parses them as YAML.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, sized } from './benchmark';
import { LEASEHOLD, measureByTurns, ROOT } from './program';

const TURNS = sized(15, 1);

const FLOOR = `const { readdirSync, readFileSync } = require('node:fs');
const { parseAllDocuments } = require('yaml');
for (const file of readdirSync('roles')) parseAllDocuments(readFileSync('roles/' + file, 'utf8')).map((one) => one.toJS());
`;

export const benchmark: Benchmark = {
  title: 'Validate: `leasehold validate` on the reference project, whole process; beside parsing its YAML alone',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      const floor = join(folder, 'floor.cjs');
      writeFileSync(floor, FLOOR.replace("'yaml'", JSON.stringify(require.resolve('yaml'))));
      const { ours, parsed } = await measureByTurns(
        { ours: { program: [LEASEHOLD, 'validate'], cwd: ROOT }, parsed: { program: [floor], cwd: ROOT } },
        TURNS,
      );
      return [
        { name: 'time', value: ours.seconds, unit: 's' },
        { name: 'time of parsing the YAML alone', value: parsed.seconds, unit: 's' },
        {
          name: 'ours beside parsing alone, processor time',
          value: ours.processorSeconds / parsed.processorSeconds,
          unit: '×',
          atMost: 3,
        },
        { name: 'peak memory', value: ours.peakMb, unit: 'MB' },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
