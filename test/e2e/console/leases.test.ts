/** The list of leases with its filters in the address, and the export of a record. */
import { readFileSync } from 'node:fs';
import { verifyExport } from '@leasehold/broker';
import { auditExport } from '@leasehold/contract/consent';
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

let site: TestConsole;
let browser: Browser;
let lead: Person;
let id: string;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  await enrol(lead, await site.codeFor('lead'));
  id = await site.request('Upload release 1.4.2 for the launch of the new checkout, ticket SHOP-1042');
  const denied = await site.request('Upload release 1.4.2, because the pipeline asks for it');
  await openLease(lead, site.url, denied);
  await lead.page.getByRole('button', { name: 'Deny…' }).click();
  await lead.page.getByLabel('Why').fill('The release is frozen until Monday');
  await lead.page.getByRole('button', { name: 'Deny', exact: true }).click();
  await lead.page.getByText('You denied this lease').waitFor();
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect(lead.complaints).toEqual([]);
});

it('lists everybody’s leases, and keeps the filters in the address', async () => {
  const { page } = lead;
  await page.getByRole('link', { name: 'Leases' }).click();
  await page.getByText('2 leases').waitFor();
  expect(await violations('leases', lead)).toEqual([]);
  await page.getByLabel('State').selectOption('denied');
  await page.getByText('1 lease', { exact: true }).waitFor();
  await page.getByLabel('Time').selectOption('Last 7 days');
  await page.getByLabel('Role').selectOption('s3-deploy');
  await page.getByLabel('Person or agent').fill('agent');
  await page.keyboard.press('Enter');
  await page.waitForURL(/requester=agent/);
  const shared = page.url();
  expect(shared).toMatch(/#\/leases\?role=s3-deploy&requester=agent&state=denied&days=7$/);
  await page.getByLabel('State').selectOption('revoked');
  await page.getByText('No lease matches.').waitFor();
  expect(await violations('leases-empty', lead)).toEqual([]);
  const other = await openAs(browser, shared);
  await signIn(other, 'oncall');
  await other.page.getByText('1 lease', { exact: true }).waitFor();
  expect(await other.page.getByLabel('State').inputValue()).toBe('denied');
  expect(await other.page.getByLabel('Person or agent').inputValue()).toBe('agent');
  await other.context.close();
});

it('shows a requester their own leases only', async () => {
  const alice = await openAs(browser, `${site.url}#/leases?requester=agent&days=31`);
  await signIn(alice, 'alice');
  await alice.page.getByText('No lease matches.').waitFor();
  expect(await alice.page.getByLabel('Person or agent').count()).toBe(0);
  await alice.page.route('**/people/requester/leases**', (route) => route.abort());
  await alice.page.getByLabel('Time').selectOption('Last 7 days');
  await alice.page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('leases-failed', alice)).toEqual([]);
  await alice.context.close();
});

it('exports a record that verifies elsewhere, and contains no credentials', async () => {
  const { page } = lead;
  await openLease(lead, site.url, id);
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByText('1 valid signature').waitFor();
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export record' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${id}.json`);
  const text = readFileSync(await download.path(), 'utf8');
  const { leases, roots } = await verifyExport(auditExport.parse(JSON.parse(text)));
  expect(leases.map(({ id: each, valid, decisions }) => [each, valid, decisions.length])).toEqual([[id, true, 1]]);
  expect(roots.map(({ person }) => person)).toEqual(['root']);
  expect(text).not.toMatch(/secretAccessKey|sessionToken|Bearer/);
  await page.getByText('The record was verified and exported.').waitFor();
  expect(await page.getByRole('link', { name: 'CloudTrail' }).count()).toBe(0);
  expect(await violations('lease-exported', lead)).toEqual([]);
});

it('exports nothing if the record is not valid', async () => {
  const { page } = lead;
  await openLease(lead, site.url, id);
  await page.route('**/events', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, events: body.events.slice(0, 1).concat(body.events.slice(2)) } });
  });
  await page.getByRole('button', { name: 'Export record' }).click();
  await page.getByRole('alert').getByText('the console does not export it').waitFor();
  await page.unrouteAll();
});
