/**
 * `leasehold synth`, from YAML through all checks to written stacks and the summary, beside a hand-written CDKTF program
 * that only writes the stacks. Both run as JavaScript under plain node, each in a process of its own.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, type Measurement, median } from './benchmark';
import { writeLargeProject } from './large-project';
import { compile, LEASEHOLD, type Measured, measure } from './program';

/** Roles, and how often each program runs; both take turns, so that a busy moment hits both. */
const SIZES: readonly (readonly [number, number])[] = [
  [4, 7],
  [100, 5],
  [1000, 5],
  [5000, 3],
];

export const benchmark: Benchmark = {
  title:
    'Synth: whole process, YAML → checks → written stacks → summary; beside CDKTF by hand, without YAML and checks',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      const programs = join(folder, 'programs');
      compile(['bench/rival-synth.ts'], programs);
      const measurements: Measurement[] = [];
      const medians = new Map<number, number>();
      for (const [roles, turns] of SIZES) {
        const { ours, rival } = await takeTurns(folder, programs, roles, turns);
        const seconds = {
          ours: median(ours.map((run) => run.seconds)),
          rival: median(rival.map((run) => run.seconds)),
        };
        medians.set(roles, seconds.ours);
        measurements.push(
          { name: `${roles} roles`, value: seconds.ours, unit: 's' },
          { name: `${roles} roles, by hand`, value: seconds.rival, unit: 's' },
          { name: `${roles} roles, ratio`, value: seconds.ours / seconds.rival, unit: '×', atMost: 1.3 },
          { name: `${roles} roles, peak memory`, value: median(ours.map((run) => run.peakMb)), unit: 'MB' },
          { name: `${roles} roles, peak memory by hand`, value: median(rival.map((run) => run.peakMb)), unit: 'MB' },
        );
      }
      const growth = (medians.get(5000) ?? Number.NaN) / (medians.get(1000) ?? Number.NaN);
      measurements.push({ name: 'growth from 1,000 to 5,000 roles', value: growth, unit: '×', atMost: 5 });
      return measurements;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function takeTurns(folder: string, programs: string, roles: number, turns: number) {
  const ours = join(folder, `ours-${roles}`);
  const rival = join(folder, `rival-${roles}`);
  writeLargeProject(ours, roles);
  mkdirSync(rival);
  const runs: { ours: Measured[]; rival: Measured[] } = { ours: [], rival: [] };
  // The first turn warms the file cache and is not counted.
  for (let turn = 0; turn <= turns; turn += 1) {
    const one = await measure(programs, [LEASEHOLD, 'synth'], ours);
    const other = await measure(programs, [join(programs, 'bench', 'rival-synth.js'), String(roles)], rival);
    if (turn === 0) {
      assertSameResources(ours, rival);
      continue;
    }
    runs.ours.push(one);
    runs.rival.push(other);
  }
  return runs;
}

/** The comparison is fair only if both write the same resources, whatever their places in the construct tree. */
function assertSameResources(ours: string, rival: string): void {
  const [one, other] = [ours, rival].map(resourcesIn);
  if (JSON.stringify(one) !== JSON.stringify(other)) throw new Error(`${ours} and ${rival} hold different resources`);
}

function resourcesIn(folder: string): readonly string[] {
  const file = join(folder, 'cdktf.out', 'stacks', 'hermes-dev', 'cdk.tf.json');
  const { resource }: { resource: Record<string, Record<string, Record<string, unknown>>> } = JSON.parse(
    readFileSync(file, 'utf8'),
  );
  return Object.entries(resource)
    .flatMap(([type, named]) =>
      Object.values(named).map(({ '//': _, depends_on, ...attributes }) => {
        const waits = Array.isArray(depends_on) ? depends_on.length : 0;
        return JSON.stringify([type, waits, attributes]);
      }),
    )
    .sort();
}
