/** A person opens the AWS console with an approved lease, in a real Chromium. AWS's sign-in is a page of the test. */
import type { Browser, Route } from 'playwright-core';
import { personArn } from '../../broker/http/support';
import { SIGN_IN_ADDRESS } from '../../broker/memory';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

const SIGN_IN = 'https://eu-west-1.signin.aws.amazon.com/**';

let site: TestConsole;
let browser: Browser;
let alice: Person;
let lead: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  alice = await openAs(browser, site.url);
  await signIn(alice, 'alice');
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  await enrol(lead, await site.codeFor('lead'));
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect([...alice.complaints, ...lead.complaints]).toEqual([]);
});

/** An approved lease, whose page is open. */
async function approved(reason: string): Promise<string> {
  const asked = await site.call('request', { as: personArn('requester', 'alice'), body: { role: 'ops-read', reason } });
  const { id } = asked.body.lease;
  await openLease(lead, site.url, id);
  await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
  await lead.page.getByText('You approved this lease').waitFor();
  await openLease(alice, site.url, id);
  return id;
}

const open = () => alice.page.getByRole('button', { name: 'Open the AWS console' }).click();

/** Where something that the page has read could remain. */
const traces = () =>
  alice.page.evaluate(() =>
    [
      document.documentElement.outerHTML,
      location.href,
      JSON.stringify([history.state, { ...localStorage }, { ...sessionStorage }]),
      ...performance.getEntries().map(({ name }) => name),
    ].join('\n'),
  );

it('opens in another tab, which cannot reach the page, and only that tab gets the address', async () => {
  const { page, context } = alice;
  const id = await approved('Look at the uploaded release 1.4.2 of the shop');
  expect(await violations('own-lease', alice)).toEqual([]);
  const arrived: { readonly url: string; readonly referrer: string | undefined }[] = [];
  await context.route(SIGN_IN, async (route) => {
    arrived.push({ url: route.request().url(), referrer: (await route.request().allHeaders()).referer });
    await route.fulfill({ contentType: 'text/html', body: '<title>AWS</title><p>Signed in</p>' });
  });
  const opened = context.waitForEvent('page');
  await open();
  const tab = await opened;
  await tab.getByText('Signed in').waitFor();
  expect(arrived).toEqual([{ url: SIGN_IN_ADDRESS, referrer: undefined }]);
  expect(await tab.evaluate(() => [window.opener, document.referrer, history.length])).toEqual([null, '', 1]);
  await page.getByText('Your lease is in use.').waitFor();
  expect(site.world.told(id)).toEqual(['requested', 'proposed', 'approved', 'issued', 'collected']);
  expect(await traces()).not.toMatch(/SigninToken|signin\.aws/);
  await tab.close();
});

it('is not opened if the browser blocks the tab, and the lease stays unused', async () => {
  const { page } = alice;
  const id = await approved('Look at the operations data where tabs are blocked');
  await page.evaluate(() => {
    window.open = () => null;
  });
  await open();
  await page.getByRole('alert').getByText('The browser blocked the new tab.').waitFor();
  expect(site.world.told(id)).toEqual(['requested', 'proposed', 'approved']);
  await page.reload();
  await signIn(alice, 'alice');
});

it('is not opened if the broker refuses: the tab is closed, and the page shows why', async () => {
  const { page, context } = alice;
  await approved('Look at the operations data where there is no console');
  const refuse = (route: Route) =>
    route.fulfill({ status: 403, contentType: 'application/problem+json', json: REFUSAL });
  await page.route('**/people/requester/leases/*/console', refuse);
  const opened = context.waitForEvent('page');
  await open();
  const tab = await opened;
  if (!tab.isClosed()) await tab.waitForEvent('close');
  await page.getByRole('alert').getByText(REFUSAL.detail).waitFor();
  expect(await page.getByRole('button', { name: 'Open the AWS console' }).isEnabled()).toBe(true);
});

const REFUSAL = {
  type: 'https://leasehold.dev/problems/role-shut',
  title: 'Role shut',
  status: 409,
  code: 'role-shut',
  detail: 'AWS refuses to let the broker assume the role.',
  hint: 'Wait, or ask a human why the role is blocked.',
  retryable: false,
};
