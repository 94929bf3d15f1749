/**
 * `leasehold import` tried on AWS-managed policies: all of the job functions, and every seventh of the others with
 * `LEASEHOLD_SWEEP=1`, else a few of each. None crashes. What is written validates except for its TODOs, and what is not written
 * is named. docs/import-tried.md has the results.
 */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsManagedPaths, awsManagedPolicy } from '@leasehold/policy/aws-managed';
import type { Imported } from '../../../lib/cli/import/import';
import { SWEEP } from '../../e2e/support/sweep';
import { complaintsOf, importOf } from './support';

const all = [...awsManagedPaths()].toSorted();
const isJob = (path: string) =>
  path.startsWith('/job-function/') || path === '/PowerUserAccess' || path === '/AdministratorAccess';
const jobs = all.filter(isJob);
const others = all.filter((path) => !isJob(path)).filter((_, index) => index % 7 === 3);

const PAGE = join(__dirname, '../../../docs/import-tried.md');

interface Tried {
  readonly path: string;
  readonly found: Imported;
}

const tried: Tried[] = [];

test('there are over 200 besides the job functions', () => {
  expect(jobs.length).toBeGreaterThanOrEqual(10);
  expect(others.length).toBeGreaterThanOrEqual(200);
});

const few = [
  ...jobs.filter((path) => /Billing|DatabaseAdministrator/.test(path)),
  ...others.filter((_, index) => index % 40 === 0),
];

test.each(SWEEP ? [...jobs, ...others] : few)('%s', async (path) => {
  const document = awsManagedPolicy(`arn:aws:iam::aws:policy${path}`);
  if (document === undefined) throw new Error('not known');
  const found = await importOf({ name: path.split('/').at(-1) ?? '', documents: [document] });
  expect(found.left).toEqual([]);
  expect(await complaintsOf(found)).toEqual([]);
  // What is in no role is named.
  expect(found.roles.length + found.lost.length + found.dead.length).toBeGreaterThan(0);
  tried.push({ path, found });
});

afterAll(() => {
  // The numbers move with AWS's policies and with the guardrails, so the page is written and not compared.
  if (SWEEP && process.env.LEASEHOLD_GOLDEN === 'write') writeFileSync(PAGE, page());
});

function page(): string {
  const of = (paths: readonly string[]) => tried.filter(({ path }) => paths.includes(path));
  const some = of(others);
  const whole = some.filter(({ found }) => found.lost.length === 0);
  const none = some.filter(({ found }) => found.roles.length === 0);
  const count = (list: readonly Tried[], number: (found: Imported) => number) =>
    list.reduce((sum, { found }) => sum + number(found), 0);
  const rows = of(jobs).map(({ path, found }) => {
    const statements = found.roles.reduce((sum, { allow }) => sum + allow.length, 0);
    return `| \`${path}\` | ${found.roles.length} | ${statements} | ${found.variables.length} | ${todos(found)} | ${found.lost.length} |`;
  });
  return `# Import, tried on AWS-managed policies

<!-- Written by test/cli/import/managed.slow.test.ts with LEASEHOLD_SWEEP=1 LEASEHOLD_GOLDEN=write. -->

[\`leasehold import\`](import.md) was tried on the AWS-managed policies for job functions, and on every seventh other policy in the data set of plan review. None of them makes it crash. Every role that \`import\` writes passes \`leasehold validate\` once its variables are set and its
TODOs are replaced, and is proven to permit nothing that the policy does not permit. Everything that could not be imported is listed with the reason.

| policy | roles | statements | variables to set | TODOs | not imported |
| --- | --- | --- | --- | --- | --- |
${rows.join('\n')}

\`import\` splits policies as broad as these by service and access level, so that each role covers one of the many tasks that the policy
permits. \`AdministratorAccess\` and \`PowerUserAccess\` permit every service: \`--service\` selects the services of the task.

| other policies | ${some.length} |
| --- | --- |
| imported whole | ${whole.length} |
| imported in part, the rest listed | ${some.length - whole.length - none.length} |
| nothing can be imported | ${none.length} |
| roles written | ${count(some, ({ roles }) => roles.length)} |
| errors of \`validate\` besides TODOs and variables | ${count(some, ({ left }) => left.length)} |
`;
}

function todos({ yaml }: Imported): number {
  return yaml.match(/"TODO\b/g)?.length ?? 0;
}
