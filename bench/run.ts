/**
 * Runs every `bench/*.bench.ts` (see `benchmark.ts` for what one is), prints a table, and writes the same as JSON.
 *
 * `npm run bench` runs all; `npm run bench -- synth` those whose file name begins so; `--json <file>` says where the
 * JSON goes, by default `bench/results.json`. Exit code 1: a promise was broken; with `--report` a broken promise is only
 * shown, for a machine that others are using. `--smoke` runs everything once with small sizes, judges no promise and writes
 * nothing: exit code 1 says that a benchmark does not work.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Benchmark, keeps, type Measurement, SMOKE } from './benchmark';

interface Result {
  readonly benchmark: string;
  readonly title: string;
  readonly measurements: readonly Measurement[];
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: {
      json: { type: 'string', default: join(__dirname, 'results.json') },
      report: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const chosen = readdirSync(__dirname)
    .filter((file) => file.endsWith('.bench.ts'))
    .filter((file) => positionals.length === 0 || positionals.some((prefix) => file.startsWith(prefix)))
    .sort();
  if (chosen.length === 0) throw new Error(`no benchmark begins with ${positionals.join(' or ')}`);

  print(`${machine().summary}\n`);
  const results: Result[] = [];
  for (const file of chosen) {
    const { benchmark }: { benchmark: Benchmark } = require(join(__dirname, file));
    const measurements = await benchmark.run();
    results.push({ benchmark: file.replace('.bench.ts', ''), title: benchmark.title, measurements });
    print(`${benchmark.title}\n${table(measurements)}\n`);
  }
  if (SMOKE) {
    print(`every benchmark ran: ${results.length}; no promise was judged`);
    return results.every(({ measurements }) => measurements.length > 0) ? 0 : 1;
  }
  writeFileSync(values.json, `${JSON.stringify({ machine: machine(), results }, null, 2)}\n`);
  print(`written to ${values.json}`);
  return values.report || results.every(({ measurements }) => measurements.every(keeps)) ? 0 : 1;
}

function machine() {
  const [cpu] = cpus();
  const facts = {
    cpu: cpu?.model ?? 'unknown',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()}`,
    node: process.version,
  };
  return {
    ...facts,
    summary: `${facts.cores} × ${facts.cpu}, ${facts.memoryGb} GB, ${facts.system}, node ${facts.node}`,
  };
}

function table(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => [
    measurement.name,
    `${digits(measurement.value)} ${measurement.unit}`,
    SMOKE ? '' : promise(measurement),
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows
    .map(([name = '', value = '', bound = '']) =>
      `  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${bound}`.trimEnd(),
    )
    .join('\n');
}

function promise(measurement: Measurement): string {
  const { atMost, atLeast, unit } = measurement;
  const bounds = [
    ...(atMost === undefined ? [] : [`at most ${digits(atMost)} ${unit}`]),
    ...(atLeast === undefined ? [] : [`at least ${digits(atLeast)} ${unit}`]),
  ];
  return bounds.length === 0 ? '' : `${keeps(measurement) ? 'kept' : 'BROKEN'}: ${bounds.join(', ')}`;
}

function digits(value: number): string {
  return value >= 1000 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

void main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exitCode = 1;
  },
);
