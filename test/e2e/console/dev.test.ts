/** The console as `leasehold dev` serves it: a certified issuer, the sandbox, and the stored records of the broker. */
import type { Dev } from 'leasehold/dev';
import type { Browser } from 'playwright-core';
import { ASK, aDev, anEnvironmentWithAccounts, speakingAs } from '../../cli/dev/support';
import { launch, openAs, openLease, type Person } from './browser';

let dev: Dev;
let browser: Browser;
let lead: Person;

beforeAll(async () => {
  const environment = anEnvironmentWithAccounts();
  const roles = environment.roles.map((role) => ({
    ...role,
    ...(role.broker && { broker: { ...role.broker, humans: 1 } }),
  }));
  dev = await aDev({ ...environment, roles });
  browser = await launch();
});

afterAll(async () => {
  await browser?.close();
  await dev?.stop();
});

it('a person signs in at the issuer, verifies a lease of an agent, denies it, and signs out', async () => {
  const { signIn } = dev;
  if (signIn === undefined) throw new Error('nobody signs in');
  expect(signIn.servesConsole).toBe(true);
  const { origin } = new URL(signIn.settings.issuer);
  lead = await openAs(browser, `${signIn.console}/`, { issuer: origin });
  const { page } = lead;
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Person').selectOption({ label: 'lead (lead@example.com)' });
  await page.getByLabel('Development password').fill(signIn.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Waiting for you' }).waitFor();

  const asked = await speakingAs(dev, dev.agent()).request(ASK);
  const { id } = asked.lease;
  await openLease(lead, `${signIn.console}/`, id);
  // The skip link of keyboard users does not leave the page.
  await page.keyboard.press('Tab');
  await page.getByRole('link', { name: 'Skip to content' }).focus();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  await page.getByRole('button', { name: 'Deny…' }).click();
  await page.getByLabel('Why').fill('Not today');
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  // The person has no passkey yet. A denial permits nothing, so it needs none.
  await page.getByRole('alert').getByText('You have no passkey at this console.').waitFor();
  await page.getByLabel('Without a signature').check();
  await page.getByRole('button', { name: 'Deny', exact: true }).click();
  await page.getByText('You denied this lease').waitFor();
  await page.getByText('Not signed: only the record of the broker says so.').waitFor();

  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByText('You are signed out of the console.').waitFor();

  // A link of the command line leads to the lease after the sign-in.
  await page.goto(`${signIn.console}/leases/${id}`);
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  expect(page.url()).toBe(`${signIn.console}/#/leases/${id}`);
  expect(lead.complaints).toEqual([]);
});
