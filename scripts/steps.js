/**
 * Runs npm scripts one after the other, `node scripts/steps.js lint test …`, and ends with what each took, in seconds and beside
 * `test`. A step that fails lets the next ones run, so that one run shows all that is broken; the exit code is then 1.
 */
const { spawnSync } = require('node:child_process');

const rows = process.argv.slice(2).map((step) => {
  const started = process.hrtime.bigint();
  const { status } = spawnSync('npm', ['run', step], { stdio: 'inherit' });
  return { step, seconds: Number(process.hrtime.bigint() - started) / 1e9, passed: status === 0 };
});

const test = rows.find(({ step }) => step === 'test')?.seconds;
const line = (name, seconds, rest) => {
  const beside = test === undefined ? '' : `  ${(seconds / test).toFixed(1).padStart(5)} × test`;
  process.stdout.write(`${name.padEnd(20)}  ${seconds.toFixed(0).padStart(5)} s${beside}${rest}\n`);
};

process.stdout.write('\n');
for (const { step, seconds, passed } of rows) line(step, seconds, passed ? '' : '  FAILED');
const total = rows.reduce((sum, { seconds }) => sum + seconds, 0);
line('all', total, '');
process.exitCode = rows.length > 0 && rows.every(({ passed }) => passed) ? 0 : 1;
