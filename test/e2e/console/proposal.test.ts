/** A person describes a task in plain words, sees the reviewer's proposal, and sends an ordinary request. */
import type { Browser } from 'playwright-core';
import type { ReviewerPort } from '../../../lib/broker/ports';
import { launch, openAs, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations } from './violations';

const INTENT = 'Upload release 1.4.2 of the shop to the live stage';
const HOSTILE = 'It uploads <b>one</b> release.\u202e';

let site: TestConsole;
let browser: Browser;
let alice: Person;
const asked: string[] = [];
const reviewer: ReviewerPort = {
  model: 'test/model',
  review: async ({ untrusted: { reason, parameters } }) => {
    asked.push(reason);
    return {
      decision: reason.includes('everything') ? 'deny' : 'allow',
      role: 'shop-deploy',
      actions: ['s3:PutObject'],
      parameters: parameters ?? { release: '1.4.2', stage: 'live' },
      minutes: 5,
      risk: 'medium',
      sentence: HOSTILE,
    };
  },
};

beforeAll(async () => {
  site = await startConsole(reviewer);
  browser = await launch();
  alice = await openAs(browser, site.url);
  await signIn(alice, 'alice');
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(() => {
  expect(alice.complaints).toEqual([]);
});

it('the proposal is shown before anything is requested, can be changed, and is then requested like any lease', async () => {
  const { page } = alice;
  await page.getByRole('link', { name: 'Request access' }).first().click();
  const words = page.getByLabel('Task, in plain words');
  await words.fill('please help me');
  await page.getByRole('button', { name: 'Propose a lease' }).click();
  await page.getByText('The description does not state an action and its target').waitFor();
  await words.fill('Delete everything in the shop bucket');
  await page.getByRole('button', { name: 'Propose a lease' }).click();
  await page.getByRole('alert').getByText('Denied by the reviewer').waitFor();
  expect(await words.inputValue()).toBe('Delete everything in the shop bucket');

  await words.fill(INTENT);
  await page.getByRole('button', { name: 'Propose a lease' }).click();
  await page.getByRole('heading', { name: 'Proposed: shop-deploy' }).waitFor();
  await page.getByText('Risk as the reviewer judges it: medium. 1 person would have to approve it.').waitFor();
  expect(await page.locator('figure.untrusted blockquote').innerText()).toBe(HOSTILE.replace('\u202e', '\\u{202e}'));
  expect(await violations('proposal', alice)).toEqual([]);
  expect(site.world.events.size).toBe(0);

  // The form is filled in, and everything in it can be changed.
  expect(await page.getByLabel('Reason').inputValue()).toBe(INTENT);
  expect(await page.getByLabel('Length in minutes').inputValue()).toBe('5');
  const permissions = (part = page.locator('main')) =>
    part
      .locator('.fact', { has: page.locator('dt', { hasText: 'Permissions' }) })
      .first()
      .innerText();
  const preview = page.locator('section[aria-labelledby=preview]');
  const narrow = await permissions(preview);
  expect(narrow).not.toContain('s3:GetObject');
  const only = page.getByLabel('Only what the reviewer proposed: 1 action of 3');
  await only.uncheck();
  expect(await permissions(preview)).toContain('s3:GetObject');
  await only.check();
  await page.getByLabel('release').fill('1.4.3');
  const promised = await permissions(preview);
  expect(promised).toBe(narrow.replaceAll('1.4.2', '1.4.3'));
  await page.getByRole('button', { name: 'Send request' }).click();
  await page.getByText('Your request waits: 0 of 1 approval').waitFor();
  expect(await permissions()).toBe(promised);

  // One lease, requested by role, and reviewed again.
  expect(site.world.events.size).toBe(1);
  const [[requested] = []] = [...site.world.events.values()];
  expect(requested?.body).toMatchObject({
    asked: {
      role: 'shop-deploy',
      parameters: { release: '1.4.3', stage: 'live' },
      actions: ['s3:PutObject'],
      seconds: 300,
      reason: INTENT,
    },
  });
  expect(asked.slice(-2)).toEqual([INTENT, INTENT]);
});
