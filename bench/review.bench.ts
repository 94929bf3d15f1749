/** `leasehold review` on large plans, whole process; beside a program that only reads the file and parses its JSON. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, type Measurement, sized } from './benchmark';
import { identitiesPlan } from './identities-plan';
import { largePlan } from './large-plan';
import { LEASEHOLD, type Measured, measureByTurns } from './program';

const [SMALL, LARGE] = sized([10_000, 50_000] as const, [100, 500] as const);
/** Roles that all change and may assume each other. */
const [FEW, MANY] = sized([20, 80] as const, [2, 8] as const);

const FLOOR = `JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));\n`;

export const benchmark: Benchmark = {
  title:
    'Review: `leasehold review`, a plan of 5 kB a resource, one resource in three about access; beside JSON.parse of the file',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      writeFileSync(join(folder, 'floor.cjs'), FLOOR);
      const small = await review(folder, largePlan(SMALL), sized(7, 1));
      const large = await review(folder, largePlan(LARGE), sized(3, 1));
      const few = await review(folder, identitiesPlan(FEW), sized(3, 1));
      const many = await review(folder, identitiesPlan(MANY), sized(3, 1));
      const byRole = many.ours.processorSeconds / few.ours.processorSeconds / (MANY / FEW);
      const growth = large.ours.processorSeconds / small.ours.processorSeconds / (LARGE / SMALL);
      return [
        ...told(SMALL, small),
        ...told(LARGE, large),
        { name: `growth beside linear, ${count(SMALL)} to ${count(LARGE)}`, value: growth, unit: '×', atMost: 1.15 },
        { name: `${MANY} roles that may assume each other`, value: many.ours.seconds, unit: 's' },
        { name: `growth beside linear, ${FEW} to ${MANY} such roles`, value: byRole, unit: '×', atMost: 1.15 },
      ];
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

interface Reviewed {
  readonly megabytes: number;
  readonly ours: Measured;
  readonly floor: Measured;
}

async function review(folder: string, text: string, turns: number): Promise<Reviewed> {
  const plan = join(folder, 'plan.json');
  writeFileSync(plan, text);
  const medians = await measureByTurns(
    {
      // What is found is nothing critical, so that the exit code is 0.
      ours: { program: [LEASEHOLD, 'review', plan, '--fail-on', 'critical', '--json'], cwd: folder },
      floor: { program: [join(folder, 'floor.cjs'), plan], cwd: folder },
    },
    turns,
  );
  return { megabytes: text.length / 1e6, ...medians };
}

function told(resources: number, { megabytes, ours, floor }: Reviewed): readonly Measurement[] {
  const name = `${count(resources)} resources`;
  return [
    { name: `${name}, size`, value: megabytes, unit: 'MB' },
    { name, value: ours.seconds, unit: 's' },
    { name: `${name}, JSON.parse alone`, value: floor.seconds, unit: 's' },
    {
      name: `${name}, beside JSON.parse, processor time`,
      value: ours.processorSeconds / floor.processorSeconds,
      unit: '×',
      atMost: 6,
    },
    { name: `${name}, peak memory`, value: ours.peakMb, unit: 'MB' },
    { name: `${name}, peak memory beside JSON.parse`, value: ours.peakMb / floor.peakMb, unit: '×', atMost: 2 },
  ];
}

function count(resources: number): string {
  return resources.toLocaleString('en');
}
