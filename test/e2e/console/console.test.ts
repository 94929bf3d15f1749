/** The console in a real Chromium, against the broker's own handler: people sign in, enrol, approve, deny and revoke. */
import { namedPeople, verifyExport } from '@leasehold/broker/core';
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';

const REASON = 'Upload release 1.4.2 to the deploy bucket';

let site: TestConsole;
let browser: Browser;
let lead: Person;
let oncall: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  await enrol(lead, await site.codeFor('lead'));
  oncall = await openAs(browser, site.url);
  await signIn(oncall, 'oncall');
  await enrol(oncall, await site.codeFor('oncall'));
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect([...lead.complaints, ...oncall.complaints]).toEqual([]);
});

/** The exported record of a lease, verified as an auditor does. */
async function audited(id: string) {
  const events = site.world.events.get(id) ?? [];
  const people = [...new Set([...namedPeople(events), 'root'])].map((person) => ({
    person,
    events: site.people.store.events.get(person) ?? [],
  }));
  const { leases } = await verifyExport({ leases: [{ lease: id, events }], people });
  return leases[0];
}

const approve = ({ page }: Person) => page.getByRole('button', { name: 'Approve with passkey' }).click();

it('two approvers sign a lease in their browsers, and an auditor verifies both signatures', async () => {
  const id = await site.request(REASON);
  await openLease(lead, site.url, id);
  await approve(lead);
  await lead.page.getByText('You approved this lease').waitFor();
  await openLease(oncall, site.url, id);
  expect(await oncall.page.getByText('1 of 2 humans: lead').count()).toBe(1);
  await approve(oncall);
  await oncall.page.getByText('2 valid signatures').waitFor();
  const lease = await audited(id);
  expect(lease?.valid).toBe(true);
  expect(lease?.decisions.map(({ statement, proof }) => [statement.decision, statement.approver, proof.kind])).toEqual([
    ['approve', 'lead', 'signed'],
    ['approve', 'oncall', 'signed'],
  ]);
});

it('a lease is found in the queue and approved with the keyboard alone', async () => {
  const id = await site.request(REASON);
  const { page } = lead;
  await page.goto(`${site.url}#/approvals`);
  const link = page.locator(`a[href$="${id}"]`);
  await link.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: `Lease ${id}` }).waitFor();
  const button = page.getByRole('button', { name: 'Approve with passkey' });
  await button.waitFor();
  for (let presses = 0; presses < 30; presses += 1) {
    if (await button.evaluate((element) => element === element.ownerDocument.activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByText('You approved this lease').waitFor();
  expect(site.world.told(id)).toEqual(['requested', 'proposed', 'approved']);
});

it('a denial needs a reason, and is signed', async () => {
  const id = await site.request(REASON);
  const { page } = lead;
  await openLease(lead, site.url, id);
  await page.getByRole('button', { name: 'Deny…' }).click();
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByText('Write one line of 3 to 500 characters.').waitFor();
  expect(site.world.told(id)).toEqual(['requested', 'proposed']);
  await page.getByLabel('Why').fill('The release is frozen');
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByText('You denied this lease').waitFor();
  const lease = await audited(id);
  expect(lease?.decisions.map(({ statement, proof }) => [statement.scope.because, proof.kind])).toEqual([
    ['The release is frozen', 'signed'],
  ]);
});

it('an issued lease is revoked with a signature', async () => {
  const { body } = await site.call('request', { body: { role: 'log-read', reason: REASON } });
  const { id } = body.lease;
  const { page } = lead;
  await page.goto(`${site.url}#/leases`);
  await page.locator(`a[href$="${id}"]`).click();
  await page.getByRole('button', { name: 'Revoke…' }).click();
  await page.getByLabel('Why').fill('Ended early');
  await page.getByRole('button', { name: 'Revoke', exact: true }).click();
  await page.getByText('You revoked this lease').waitFor();
  const lease = await audited(id);
  expect(lease?.decisions.map(({ statement, proof }) => [statement.decision, statement.approver, proof.kind])).toEqual([
    ['revoke', 'lead', 'signed'],
  ]);
});

it('the end of a session in the middle of a form loses nothing that was typed', async () => {
  const id = await site.request(REASON);
  const { page, context } = lead;
  await openLease(lead, site.url, id);
  await page.getByRole('button', { name: 'Deny…' }).click();
  await page.getByLabel('Why').fill('Not in this week');
  site.issuer.endSessions();
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  const popup = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  const window = await popup;
  await window.getByRole('link', { name: 'lead', exact: true }).click();
  await page.getByText('You denied this lease').waitFor();
  expect(site.world.events.get(id)?.at(-1)?.body).toMatchObject({ type: 'denied', because: 'Not in this week' });
  expect(window.isClosed()).toBe(true);
  // The other person signs in again, too.
  await signInAgain(oncall, 'oncall');
});

async function signInAgain({ page }: Person, name: string): Promise<void> {
  await page.reload();
  await signIn({ page }, name);
}

it('another person who signs in after the end of a session sends nothing that the first one typed', async () => {
  const id = await site.request(REASON);
  const person = await openAs(browser, site.url);
  await signIn(person, 'lead');
  const { page, context } = person;
  await openLease(person, site.url, id);
  await page.getByRole('button', { name: 'Deny…' }).click();
  await page.getByLabel('Why').fill('Not in this week');
  site.issuer.endSessions();
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  const popup = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await (await popup).getByRole('link', { name: 'oncall', exact: true }).click();
  await page.getByText('oncall', { exact: true }).waitFor();
  await page.getByRole('heading', { name: 'Waiting for you' }).waitFor();
  await openLease(person, site.url, id);
  await page.getByRole('button', { name: 'Deny…' }).waitFor();
  expect(await page.getByLabel('Why').count()).toBe(0);
  expect(site.world.events.get(id)?.at(-1)?.body.type).toBe('proposed');
  expect(person.complaints).toEqual([]);
  await person.context.close();
  await signInAgain(lead, 'lead');
  await signInAgain(oncall, 'oncall');
});

it('a second passkey is signed by the first, and a passkey is removed', async () => {
  const person = await openAs(browser, site.url);
  await signIn(person, 'third');
  await enrol(person, await site.codeFor('third'));
  const { page } = person;
  await person.newDevice();
  await page.getByLabel('Name of the passkey').fill('Phone');
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByRole('heading', { name: 'Phone' }).waitFor();
  await page.getByRole('button', { name: 'Remove Laptop…' }).click();
  await page.getByLabel('Why').fill('The laptop is lost');
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await page.getByRole('heading', { name: 'Laptop' }).waitFor({ state: 'detached' });
  const events = site.people.store.events.get('third') ?? [];
  expect(events.map(({ body }) => body.type)).toEqual([
    'code-issued',
    'key-registered',
    'key-registered',
    'key-removed',
  ]);
  expect(person.complaints).toEqual([]);
  await person.context.close();
});

it('a wrong one-time code is refused in words, and what was typed stays', async () => {
  const person = await openAs(browser, site.url);
  await signIn(person, 'chief');
  await site.codeFor('chief');
  const { page } = person;
  const wrong = 'a'.repeat(30);
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByLabel('One-time code').fill(wrong);
  await page.getByLabel('Name of the passkey').fill('Laptop');
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByRole('alert').getByText('Passkey not registered').waitFor();
  expect(await page.getByLabel('One-time code').inputValue()).toBe(wrong);
  expect(site.people.store.events.get('chief')?.at(-1)?.body.type).toBe('code-refused');
  await person.context.close();
});

it('sign-out revokes the token and forgets what was read', async () => {
  const person = await openAs(browser, site.url);
  await signIn(person, 'alice');
  const { page } = person;
  // A requester sees neither approvals nor passkeys.
  await page.getByRole('heading', { name: 'Your leases' }).waitFor();
  expect(await page.getByRole('navigation').getByRole('link').allInnerTexts()).toEqual([
    'Home',
    'Request access',
    'Leases',
    'Roles',
  ]);
  // Only the time of the visit is stored.
  await page.waitForFunction(() => localStorage.length > 0);
  const storage = await page.evaluate(() =>
    JSON.stringify([Object.keys({ ...localStorage }), { ...sessionStorage }, document.cookie]),
  );
  expect(storage).toMatch(/^\[\["leasehold\.last-visit [^"]+"\],\{\},""\]$/);
  expect(page.url()).not.toContain('code');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out of the console.').waitFor();
  expect(site.issuer.revoked.map((token) => token.slice(0, 6))).toEqual(['token-']);
  await page.reload();
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await person.context.close();
});
