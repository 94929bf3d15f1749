/** Every page has no accessibility violation that axe finds: light and dark, desktop and phone. */
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations as violationsOf } from './violations';

let site: TestConsole;
let browser: Browser;
let lead: Person;
let pending: string;
let denied: string;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  pending = await site.request('Upload release 1.4.2 for the launch of the new checkout, ticket SHOP-1042');
  await site.request('Upload\u200b release 1.4.2 again; the first upload was broken');
  denied = await site.request('Upload release 1.4.2, because the pipeline asks for it');
  const { url } = site;
  await lead.page.goto(`${url}#/leases/${denied}`);
  await lead.page.getByRole('button', { name: 'Deny…' }).click();
  await lead.page.getByLabel('Why').fill('The release is frozen until Monday');
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

const violations = (name: string, person: Pick<Person, 'page'> = lead) => violationsOf(name, person);

it('the form of a denial', async () => {
  expect(await violations('deny')).toEqual([]);
});

it('signing in, and signing in again', async () => {
  const person = await openAs(browser, site.url);
  await person.page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(await violations('sign-in', person)).toEqual([]);
  await signIn(person, 'alice');
  await person.page.getByText('You requested no lease').waitFor();
  expect(await violations('home-empty', person)).toEqual([]);
  site.issuer.endSessions();
  await person.page.getByRole('heading', { name: 'Your session has ended' }).waitFor({ timeout: 60_000 });
  expect(await violations('session-ended', person)).toEqual([]);
  await person.context.close();
  await lead.page.reload();
  await signIn(lead, 'lead');
});

it('passkeys, before and after the first one', async () => {
  const { page } = lead;
  await page.goto(`${site.url}#/passkeys`);
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByText('Enter the code as you received it').waitFor();
  expect(await violations('passkeys-empty')).toEqual([]);
  await page.goto(`${site.url}#/`);
  await enrol(lead, await site.codeFor('lead'));
  expect(await violations('passkeys')).toEqual([]);
});

it('people, the form of a one-time code, and the code', async () => {
  const chief = await openAs(browser, site.url);
  const { page } = chief;
  await signIn(chief, 'chief');
  await page.goto(`${site.url}#/people`);
  await page.getByText('You have no administrator passkey for this console').waitFor();
  expect(await violations('people-without-passkey', chief)).toEqual([]);
  await page.goto(`${site.url}#/`);
  await enrol(chief, await site.codeFor('chief', true));
  await page.goto(`${site.url}#/people`);
  await page.getByRole('button', { name: 'Issue a one-time code for oncall…' }).click();
  await page.getByRole('button', { name: 'Remove Laptop of root…' }).click();
  expect(await violations('people', chief)).toEqual([]);
  await page.getByRole('button', { name: 'Issue code with passkey' }).click();
  await page.getByText('The one-time code for oncall is issued').waitFor();
  expect(await violations('people-code', chief)).toEqual([]);
  await chief.context.close();
});

it('home and the queue', async () => {
  const { page } = lead;
  await page.goto(`${site.url}#/`);
  await page.locator('.card').nth(2).waitFor();
  expect(await violations('home')).toEqual([]);
  await page.goto(`${site.url}#/approvals`);
  await page.locator('.card').nth(2).waitFor();
  expect(await violations('approvals')).toEqual([]);
});

it('a lease that waits, with its exact permissions, and after an approval', async () => {
  const { page } = lead;
  await page.goto(`${site.url}#/leases/${pending}`);
  await page.getByRole('button', { name: 'Approve with passkey' }).waitFor();
  expect(await violations('lease')).toEqual([]);
  await page.getByText('Exact permissions as JSON').click();
  await page.getByText('Hash and keys').click();
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByText('1 valid signature').waitFor();
  expect(await violations('lease-approved')).toEqual([]);
});

it('requesting access: the roles, the form with its faults, the request, and its command', async () => {
  const alice = await openAs(browser, site.url);
  await signIn(alice, 'alice');
  const { page } = alice;
  await page.getByRole('link', { name: 'Request access' }).first().click();
  await page.getByText('4 roles').waitFor();
  expect(await violations('request', alice)).toEqual([]);
  await page.getByLabel('Search roles').fill('nothing like this');
  await page.getByText('No role matches.').waitFor();
  expect(await violations('request-empty', alice)).toEqual([]);
  await page.goto(`${site.url}#/request/shop-deploy`);
  await page.getByRole('button', { name: 'Send request' }).click();
  await page.getByText('The reason is shorter than 10 characters').waitFor();
  expect(await violations('request-faults', alice)).toEqual([]);
  await page.getByLabel('release').fill('1.4.2');
  await page.getByLabel('stage').selectOption('live');
  await page.getByLabel('Reason').fill('Upload release 1.4.2 of the shop, ticket SHOP-1042');
  expect(await violations('request-form', alice)).toEqual([]);
  await page.getByRole('button', { name: 'Send request' }).click();
  await page.getByText('Your request waits: 0 of 1 approval').waitFor();
  expect(await violations('request-waits', alice)).toEqual([]);
  const id = /lh-[0-9a-z]+/.exec(page.url())?.[0] ?? '';
  await lead.page.goto(`${site.url}#/leases/${id}`);
  await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByRole('button', { name: 'Copy command' }).waitFor();
  expect(await violations('request-approved', alice)).toEqual([]);
  await page.goto(`${site.url}#/request/tickets`);
  await page.getByText('You cannot request this role here.').waitFor();
  expect(await violations('request-refused', alice)).toEqual([]);
  await page.route('**/people/requester/roles', (route) => route.abort());
  await page.reload();
  await signIn(alice, 'alice');
  await page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('request-failed', alice)).toEqual([]);
  await alice.context.close();
});

it('failures: a broken record, no connection, no such page', async () => {
  const { page } = lead;
  await page.route('**/events', async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, events: body.events.slice(1) } });
  });
  await page.goto(`${site.url}#/leases/${denied}`);
  await page.getByText('The record of this lease is broken').waitFor();
  expect(await violations('broken')).toEqual([]);
  await page.unrouteAll();
  await page.route('**/leases?open=true', (route) => route.abort());
  await page.goto(`${site.url}#/approvals`);
  await page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('failed')).toEqual([]);
  await page.unrouteAll();
  await page.goto(`${site.url}#/nothing`);
  await page.getByRole('heading', { name: 'No such page' }).waitFor();
  expect(await violations('no-such-page')).toEqual([]);
});
