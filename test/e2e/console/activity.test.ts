/** The page of activity: figures, the chart with its table, and who sees it. */
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

let site: TestConsole;
let browser: Browser;
let lead: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect(lead.complaints).toEqual([]);
});

it('tells that nobody requested anything', async () => {
  const { page } = lead;
  await page.getByRole('link', { name: 'Activity' }).click();
  await page.getByText('Nobody requested a lease in this time.').waitFor();
  expect(await violations('activity-empty', lead)).toEqual([]);
});

it('shows figures, denials, times and a chart under the strict policy, with the same numbers as a table', async () => {
  const { page } = lead;
  await enrol(lead, await site.codeFor('lead'));
  await site.call('request', { body: { role: 'log-read', reason: 'Look for the failed deployment of last night' } });
  await site.call('request', { body: { role: 'ops-read', reason: 'Look for the failed deployment of last night' } });
  const denied = await site.request('Upload release 1.4.2, because the pipeline asks for it');
  await openLease(lead, site.url, denied);
  await page.getByRole('button', { name: 'Deny…' }).click();
  await page.getByLabel('Why').fill('The release is <i>frozen</i>');
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByText('You denied this lease').waitFor();
  const alice = await openAs(browser, `${site.url}#/request/shop-deploy`);
  await signIn(alice, 'alice');
  await alice.page.getByLabel('release').fill('1.4.2');
  await alice.page.getByLabel('stage').selectOption('live');
  await alice.page.getByLabel('Reason').fill('Upload release 1.4.2 of the shop, ticket SHOP-1042');
  await alice.page.getByRole('button', { name: 'Send request' }).click();
  await alice.page.getByText('Your request waits').waitFor();
  await openLease(lead, site.url, /lh-[0-9a-z]+/.exec(alice.page.url())?.[0] ?? '');
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByText('You approved this lease').waitFor();
  await alice.page.goto(`${site.url}#/activity`);
  await alice.page.getByText('Only approvers and administrators see the activity of everybody.').waitFor();
  await alice.context.close();

  await page.goto(`${site.url}#/activity?days=31`);
  await page.getByRole('heading', { name: 'Denials by code' }).waitFor();
  expect(await page.locator('.figures').innerText()).toMatch(/requests\s+4\s+granted\s+1\s+denied\s+2\s+waiting\s+0/);
  expect((await page.locator('section[aria-labelledby=denials] li').allInnerTexts()).sort()).toEqual([
    '1 approver-denied',
    '1 not-eligible',
  ]);
  expect(await page.locator('section[aria-labelledby=reasons]').innerText()).toContain('The release is <i>frozen</i>');
  await page.getByText('One approved lease waited').waitFor();
  const chart = page.getByRole('img', { name: /^Bar chart of requests by role/ });
  await chart.waitFor();
  const isDrawn = () =>
    chart.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return data.some((value) => value !== 0);
    });
  expect(await isDrawn()).toBe(true);
  await page.getByText('Numbers as a table').click();
  const numbers = await page.locator('tbody td').allInnerTexts();
  expect(numbers.map(Number).reduce((sum, each) => sum + each, 0)).toBe(4);
  expect(await page.locator('tbody tr').count()).toBeGreaterThanOrEqual(31);
  expect(await violations('activity', lead)).toEqual([]);
  await page.getByLabel('Time', { exact: true }).selectOption('Last day');
  await page.waitForURL(/activity\?days=1$/);
  await page.getByText('One approved lease waited').waitFor();
  expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(3);
  expect(await isDrawn()).toBe(true);
});

it('tells that the leases cannot be read', async () => {
  const { page } = lead;
  await page.route('**/people/approver/leases?**', (route) => route.abort());
  await page.getByLabel('Time', { exact: true }).selectOption('Last 7 days');
  await page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('activity-failed', lead)).toEqual([]);
  await page.unrouteAll();
  lead.complaints.length = 0;
});
