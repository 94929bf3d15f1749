/** What an approver sees of changes: beside a grant that waits, and on the start page. */
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

let site: TestConsole;
let browser: Browser;
let lead: Person;
let oncall: Person;

/** Requests a release as the agent. */
async function request(release: string, seconds: number): Promise<string> {
  const body = { role: 's3-deploy', parameters: { release }, reason: `Upload release ${release} of the shop`, seconds };
  return (await site.call('request', { body })).body.lease.id;
}

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  [lead, oncall] = await Promise.all([openAs(browser, site.url), openAs(browser, site.url)]);
  for (const [person, name] of [
    [lead, 'lead'],
    [oncall, 'oncall'],
  ] as const) {
    await signIn(person, name);
    await enrol(person, await site.codeFor(name));
  }
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect([...lead.complaints, ...oncall.complaints]).toEqual([]);
});

it('the start page tells that nothing changed', async () => {
  await lead.page.getByRole('link', { name: 'Home' }).click();
  await lead.page.getByText('Nothing changed').waitFor();
});

it('a grant that waits is compared with the last one of its role, whose record is verified', async () => {
  const { page } = lead;
  const first = await request('1.4.2', 900);
  await openLease(lead, site.url, first);
  const section = page.locator('.difference');
  await section.getByText('there is none').waitFor();
  await section.locator('summary').click();
  await section.getByText('This role was not granted in the last 31 days.').waitFor();
  for (const person of [lead, oncall]) {
    await openLease(person, site.url, first);
    await person.page.getByRole('button', { name: 'Approve with passkey' }).click();
    await person.page.getByText('You approved this lease').waitFor();
  }
  expect((await site.call('collect', { path: { lease: first } })).status).toBe(200);

  const same = await request('1.4.2', 900);
  await openLease(lead, site.url, same);
  await section.getByText('the same', { exact: true }).waitFor();

  const other = await request('1.4.3', 1800);
  await openLease(lead, site.url, other);
  await section.getByText('2 added, 2 removed, 3 changed').waitFor();
  await section.locator('summary').click();
  await section.getByText('Length: 15 minutes → 30 minutes').waitFor();
  expect(await section.innerText()).toMatch(/Added\s+s3:GetObject on arn:aws:s3:::hermes-dev-deploy\/1\.4\.3\/\*/);
  expect(await section.innerText()).toMatch(/Other conditions\s+s3:ListBucket on arn:aws:s3:::hermes-dev-deploy/);
  expect(await section.innerText()).toContain('release: 1.4.2 → 1.4.3');
  expect(await violations('lease-difference', lead)).toEqual([]);

  await page.route(`**/leases/${first}/events`, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, events: body.events.toSpliced(1, 1) } });
  });
  const third = await request('1.4.4', 900);
  await openLease(lead, site.url, third);
  await section.getByText('not compared').waitFor();
  await section.locator('summary').click();
  await section.getByRole('alert').getByText('The last grant of this role cannot be confirmed').waitFor();
  await page.unrouteAll();
});

it('the start page tells what was revoked, with the reason', async () => {
  const { page } = lead;
  const [id = ''] = [...site.world.events.keys()];
  await openLease(lead, site.url, id);
  await page.getByRole('button', { name: 'Revoke…' }).click();
  await page.getByLabel('Why').fill('Uploaded to the <b>wrong</b> bucket');
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('You revoked this lease.').waitFor();
  await page.getByRole('link', { name: 'Home' }).click();
  const section = page.locator('section[aria-labelledby=changed]');
  await section.getByText('Uploaded to the <b>wrong</b> bucket').waitFor();
  expect(await section.innerText()).toContain('s3-deploy of agent was revoked.');
  expect(await violations('home-changed', lead)).toEqual([]);
  // The next visit begins with what changed since this one. The browser remembers a time, and nothing else.
  await page.reload();
  await signIn(lead, 'lead');
  await page.getByRole('heading', { name: 'Since your last visit' }).waitFor();
  expect(await page.evaluate(() => Object.values({ ...localStorage }))).toEqual([expect.stringMatching(/^\d{10}$/)]);
});
