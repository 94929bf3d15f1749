/**
 * `leasehold synth`, from YAML through all checks to written stacks and the summary, beside a hand-written CDKTF program
 * that only writes the stacks. Both run as JavaScript under plain node, each in a process of its own.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Benchmark, type Measurement, sized } from './benchmark';
import { writeLargeProject } from './large-project';
import { compile, LEASEHOLD, measureByTurns } from './program';

/** Roles, and how often each program runs; both take turns, so that a busy moment hits both. */
const SIZES: readonly (readonly [number, number])[] = sized(
  [
    [4, 15],
    [100, 7],
    [1000, 5],
    [5000, 3],
  ],
  [
    [4, 1],
    [20, 1],
  ],
);

export const benchmark: Benchmark = {
  title:
    'Synth: whole process, YAML → checks → written stacks → summary; beside CDKTF by hand, without YAML and checks',
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'leasehold-bench-'));
    try {
      const programs = join(folder, 'programs');
      compile(['bench/rival-synth.ts'], programs);
      const measurements: Measurement[] = [];
      const processor = new Map<number, number>();
      for (const [roles, turns] of SIZES) {
        const { ours, rival } = await takeTurns(folder, programs, roles, turns);
        processor.set(roles, ours.processorSeconds);
        const ratio = ours.processorSeconds / rival.processorSeconds;
        measurements.push(
          { name: `${roles} roles`, value: ours.seconds, unit: 's' },
          { name: `${roles} roles, by hand`, value: rival.seconds, unit: 's' },
          { name: `${roles} roles, beside by hand, processor time`, value: ratio, unit: '×', atMost: 1.3 },
          { name: `${roles} roles, peak memory`, value: ours.peakMb, unit: 'MB' },
          { name: `${roles} roles, peak memory by hand`, value: rival.peakMb, unit: 'MB' },
        );
      }
      const [[before = 0, first = 0] = [], [after = 0, last = 0] = []] = [...processor].slice(-2);
      const name = `growth beside linear, ${before} to ${after} roles`;
      measurements.push({ name, value: last / first / (after / before), unit: '×', atMost: 1 });
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
  const measured = await measureByTurns(
    {
      ours: { program: [LEASEHOLD, 'synth'], cwd: ours },
      rival: { program: [join(programs, 'bench', 'rival-synth.js'), String(roles)], cwd: rival },
    },
    turns,
  );
  assertSameResources(ours, rival);
  return measured;
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
