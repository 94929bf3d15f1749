/** Finds accessibility violations with axe, and takes pictures of pages. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';

const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
/** With this variable, the pictures of every page are written to its folder. */
const { LEASEHOLD_PICTURES } = process.env;

/** Violations of the page as it is now, in light and dark, wide and narrow. */
export async function violationsOf(name: string, page: Page): Promise<readonly string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1200, 390]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
      await picture(name, `${colorScheme}-${width}`, page);
      await page.evaluate(AXE);
      const results = await page.evaluate(async () => {
        const { axe } = window as unknown as { axe: typeof import('axe-core') };
        return (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      });
      found.push(...results.map((each) => `${colorScheme} ${width}: ${each}`));
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (overflow > 0) found.push(`${colorScheme} ${width}: ${overflow} pixels too wide`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1200, height: 900 });
  return found;
}

async function picture(name: string, kind: string, page: Page): Promise<void> {
  if (LEASEHOLD_PICTURES === undefined) return;
  mkdirSync(LEASEHOLD_PICTURES, { recursive: true });
  await page.screenshot({ path: join(LEASEHOLD_PICTURES, `${name}-${kind}.png`), fullPage: true });
}
