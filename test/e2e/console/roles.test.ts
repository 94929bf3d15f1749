/** The pages of roles: what a role can do, who reaches it, and whether it permits an action. */
import type { Browser } from 'playwright-core';
import { launch, openAs, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

let site: TestConsole;
let browser: Browser;
let lead: Person;
let alice: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  alice = await openAs(browser, site.url);
  await signIn(alice, 'alice');
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect([...lead.complaints, ...alice.complaints]).toEqual([]);
});

/** Names of the files that the page has loaded. */
const loaded = ({ page }: Person) =>
  page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name.split('/').at(-1) ?? ''));

it('an approver sees every role, and loads the policy engine only with the page of one', async () => {
  const { page } = lead;
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByText('8 roles').waitFor();
  expect((await loaded(lead)).filter((name) => /^(catalogue|role-page|role-powers)-/.test(name))).toEqual([]);
  expect(await violations('roles', lead)).toEqual([]);
  await page.getByLabel('Search roles').fill('upload shop');
  await page.getByText('1 of 8 roles').waitFor();
  await page.getByRole('link', { name: 'shop-deploy' }).click();
  await page.getByRole('heading', { name: 'Role shop-deploy' }).waitFor();
  await page.getByText('s3:PutObject', { exact: true }).waitFor();
  expect((await loaded(lead)).some((name) => name.startsWith('catalogue-'))).toBe(true);
  expect(await page.locator('dl').first().innerText()).toMatch(/Groups\s+ops\s+Approvers\s+lead/);
  expect(await page.getByRole('img').getAttribute('aria-label')).toContain('ops, group request: broker, 1 approval.');
});

it('answers a question in the browser, with the statement, and tells what is wrong with it', async () => {
  const { page } = lead;
  await page.goto(`${site.url}#/roles/shop-deploy`);
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.url()));
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('Enter one action without wildcards').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
  await page.getByRole('textbox', { name: 'Action' }).fill('s3:PutObjekt');
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::hermes-dev-deploy/1.4.2/index.html');
  await page.getByRole('textbox', { name: 'release' }).fill('1.4.2');
  await page.keyboard.press('Enter');
  await page.getByText('Did you mean s3:PutObject?').waitFor();
  expect(await violations('role-faults', lead)).toEqual([]);
  await page.getByRole('textbox', { name: 'Action' }).fill('s3:PutObject');
  await page.keyboard.press('Enter');
  const status = page.locator('section[aria-labelledby=decision] [role=status]');
  await status.getByText('Allowed', { exact: true }).waitFor();
  expect(await status.innerText()).toContain('is allowed by statement');
  await status.getByText('Every statement').click();
  expect(await violations('role', lead)).toEqual([]);
  await page.getByRole('textbox', { name: 'release' }).fill('1.4.3');
  await status.getByText('Allowed').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Check' }).click();
  await status.getByText('Denied', { exact: true }).waitFor();
  expect(await status.innerText()).toContain('no statement allows it');
  // What is wrong with one question is not shown beside another one.
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::hermes-dev-deploy/*');
  await page.getByRole('button', { name: 'Check' }).click();
  await page.getByText('The answer is about one resource.').waitFor();
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::hermes-dev-deploy/1.4.3/a');
  await page.getByText('The answer is about one resource.').waitFor({ state: 'detached' });
  expect(sent.filter((url) => url.includes('/people/') && !url.includes('/leases'))).toEqual([]);
});

it('an answer that arrives after the question has changed is not shown', async () => {
  const { page } = lead;
  await page.goto(`${site.url}#/roles/shop-deploy`);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  // The part of the catalogue that contains SQS.
  const part = /\/assets\/\d+-[^/]+\.js$/;
  const asked = page.waitForRequest(part);
  await page.route(part, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('textbox', { name: 'Action' }).fill('sqs:SendMessage');
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:sqs:us-east-1:123456789012:orders');
  await page.getByRole('textbox', { name: 'release' }).fill('1.4.2');
  await page.getByRole('button', { name: 'Check' }).click();
  const url = (await asked).url();
  await page.getByRole('textbox', { name: 'Action' }).fill('s3:PutObject');
  await page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::hermes-dev-deploy/1.4.2/a');
  release();
  // The page waits for the same module, and then answers.
  await page.evaluate(`import(${JSON.stringify(url)}).then(() => undefined)`);
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
  const status = page.locator('section[aria-labelledby=decision] [role=status]');
  expect(await status.innerText()).toBe('');
  await page.getByRole('button', { name: 'Check' }).click();
  await status.getByText('Allowed', { exact: true }).waitFor();
  await page.unrouteAll();
});

it('a requester sees only the roles that they may request, and not who else reaches them', async () => {
  const { page } = alice;
  await page.getByRole('link', { name: 'Roles' }).click();
  await page.getByText('4 roles').waitFor();
  await page.getByRole('link', { name: 'shop-deploy' }).click();
  await page.getByText('s3:PutObject', { exact: true }).waitFor();
  expect(await page.getByRole('img').getAttribute('aria-label')).toContain('you request: broker, 1 approval.');
  expect(await page.getByRole('main').innerText()).not.toMatch(/\blead\b|Approvers/);
  await page.getByRole('link', { name: 'Request this role' }).click();
  await page.getByRole('heading', { name: 'Request shop-deploy' }).waitFor();
  await page.goto(`${site.url}#/roles/s3-deploy`);
  await page.getByText('You may not see this role, or it does not exist.').waitFor();
});

it('tells that the roles cannot be read, and that there are none', async () => {
  const guest = await openAs(browser, `${site.url}#/roles`);
  await signIn(guest, 'guest');
  await guest.page.getByText('You cannot request any role.').waitFor();
  await guest.page.route('**/people/requester/roles', (route) => route.abort());
  await guest.page.reload();
  await signIn(guest, 'guest');
  await guest.page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('roles-failed', guest)).toEqual([]);
  await guest.context.close();
});
