/**
 * What a reviewer reads of every plan under `test/plans`, as golden files. `LEASEHOLD_GOLDEN=write` writes them anew:
 * read the difference before you commit it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plannedAccess } from '../../lib/review/estate';
import { PlanError, readPlan } from '../../lib/review/plan';
import { reviewMarkdown } from '../../lib/review/render/markdown';
import { reviewPlan } from '../../lib/review/review-plan';
import { expectFile } from '../cli/support';

const PLANS = join(__dirname, '..', 'plans');
const GOLDEN = join(__dirname, 'golden');

const names = readdirSync(PLANS).filter((name) => existsSync(join(PLANS, name, 'plan.json')));

async function comment(name: string): Promise<string> {
  try {
    const access = plannedAccess(readPlan(readFileSync(join(PLANS, name, 'plan.json'))));
    return reviewMarkdown(await reviewPlan(access, { today: '2026-11-22' }), { name });
  } catch (error) {
    if (error instanceof PlanError) return `Refused: ${error.message}\n`;
    throw error;
  }
}

it('there is a plan for every golden review', () => {
  const golden = readdirSync(GOLDEN).map((file) => file.replace(/\.md$/, ''));
  expect(golden.filter((name) => !names.includes(name))).toEqual([]);
});

it.each(names)('the review of %s reads as in its golden file', async (name) => {
  expectFile(join(GOLDEN, `${name}.md`), await comment(name));
});
