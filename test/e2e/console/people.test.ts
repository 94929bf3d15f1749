/** An administrator issues one-time codes and removes passkeys, in a browser; and what nobody else can do. */
import type { Browser, Locator, Page } from 'playwright-core';
import { verifyKeys } from '../../../lib/broker/consent/verify-keys';
import { enrol, launch, openAs, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';

let site: TestConsole;
let browser: Browser;
let chief: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  chief = await openAs(browser, site.url);
  await signIn(chief, 'chief');
  await enrol(chief, await site.codeFor('chief', true));
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

beforeEach(async () => {
  await chief.page.unrouteAll();
  await openPeople(chief.page);
});

const recorded = (person: string) => site.people.keysOf(person);
const told = (person: string) => (site.people.store.events.get(person) ?? []).map(({ body }) => body.type);

/** Opens the page anew, with what the broker has now. */
async function openPeople(page: Page): Promise<void> {
  await page.goto(`${site.url}#/`);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByText('All trust depends on the passkey of root').waitFor();
}

const cardOf = (person: string): Locator =>
  chief.page.getByRole('listitem').filter({ has: chief.page.getByRole('heading', { name: person, exact: true }) });

async function ask(person: string): Promise<void> {
  await cardOf(person)
    .getByRole('button', { name: `Issue a one-time code for ${person}…` })
    .click();
}

const issue = (person: string) => cardOf(person).getByRole('button', { name: 'Issue code with passkey' }).click();

it('issues a code with a signature, which a person registers with, once', async () => {
  const { page } = chief;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  await ask('lead');
  await cardOf('lead').getByLabel('Valid for').selectOption('8 hours');
  const before = Math.floor(Date.now() / 1000);
  await issue('lead');
  await page.getByText('The one-time code for lead is issued').waitFor();
  const code = await cardOf('lead').locator('.one-time-code').innerText();
  expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{26}$/);
  await cardOf('lead').getByText('An unused code is valid until').waitFor();
  expect(await cardOf('lead').innerText()).toContain(`${site.url}passkeys`);

  expect(site.people.store.events.get('lead')?.[0]?.body).toMatchObject({ by: 'chief', administrator: false });
  const { until = 0 } = recorded('lead').code ?? {};
  expect(until - before).toBeGreaterThanOrEqual(28_800);
  expect(until - before).toBeLessThan(28_800 + 120);

  // The code is on the page only, and then nowhere.
  const kept = await page.evaluate(() =>
    JSON.stringify([location.href, document.title, { ...localStorage }, { ...sessionStorage }, history.state]),
  );
  expect(`${kept} ${sent.join(' ')} ${chief.complaints.join(' ')}`).not.toContain(code);
  expect(JSON.stringify([...site.people.store.events])).not.toContain(code);
  await cardOf('lead').getByRole('button', { name: 'Hide the code' }).click();
  expect(await page.content()).not.toContain(code);

  const lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  await enrol(lead, code);
  await openPeople(page);
  await cardOf('lead').getByText('Laptop').waitFor();
  expect(await cardOf('lead').getByRole('button', { name: /Issue/ }).count()).toBe(0);
  const records = ['root', 'chief', 'lead'].map((person) => ({
    person,
    events: site.people.store.events.get(person) ?? [],
  }));
  const { broken, roots } = await verifyKeys(records, site.people.at);
  expect([[...broken], roots.map(({ person }) => person)]).toEqual([[], ['root']]);
  expect([...chief.complaints, ...lead.complaints]).toEqual([]);
  await lead.context.close();
});

it('removes a passkey of another person, with a reason, and then issues a new code', async () => {
  await cardOf('lead').getByRole('button', { name: 'Remove Laptop of lead…' }).click();
  await cardOf('lead').getByLabel('Why').fill('The laptop is lost');
  await cardOf('lead').getByRole('button', { name: 'Remove with passkey' }).click();
  await cardOf('lead').getByText('No passkey at this console').waitFor();
  expect(site.people.store.events.get('lead')?.at(-1)?.body).toMatchObject({
    type: 'key-removed',
    by: 'chief',
    because: 'The laptop is lost',
  });
  await ask('lead');
  await issue('lead');
  await chief.page.getByText('The one-time code for lead is issued').waitFor();
  expect(told('lead')).toEqual(['code-issued', 'key-registered', 'key-removed', 'code-issued']);
});

it('offers no change of one’s own passkeys', async () => {
  expect(await cardOf('chief').getByRole('button').count()).toBe(0);
  await cardOf('chief').getByText('Your own passkeys are under Passkeys').waitFor();
});

it('states in the signature whether the person may sign for others', async () => {
  await ask('third');
  await cardOf('third').getByLabel('Administrator: these passkeys may sign').check();
  await issue('third');
  await chief.page.getByText('The one-time code for third is issued').waitFor();
  expect(recorded('third').code).toMatchObject({ administrator: true });
});

it('lists only people for whom a code is useful', async () => {
  await cardOf('oncall').waitFor();
  expect(await cardOf('alice').count()).toBe(0);
});

describe('a broker whose answers were changed', () => {
  const refused = async (message: string | RegExp) => {
    await ask('oncall');
    await issue('oncall');
    await cardOf('oncall').getByRole('alert').getByText(message).waitFor();
    expect(await cardOf('oncall').locator('.one-time-code').count()).toBe(0);
  };

  it.each([
    ['environment', 'hermes/prod/999999999999', /but this page shows hermes\/dev/],
    ['person', 'root', 'The response of the broker is for root'],
    ['relyingParty', { id: 'evil.example', origin: 'https://evil.example' }, 'Passkeys of this broker are bound to'],
    ['nonce', 'AAAA', 'a body that this console cannot read'],
  ])('gets no signature with another %s', async (member, value, message) => {
    const before = await chief.signatures();
    await chief.page.route('**/nonces', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), [member]: value } });
    });
    await refused(message);
    expect(await chief.signatures()).toBe(before);
    expect(told('oncall')).toEqual([]);
  });

  it('shows no code that it did not record', async () => {
    await chief.page.route('**/principals/oncall/codes', (route) =>
      route.fulfill({ json: { person: 'oncall', events: [] } }),
    );
    await refused('does not contain the code that you signed');
  });

  it('cannot have the signature used for another code, time, right or person', async () => {
    for (const change of [
      { code: 'a'.repeat(64) },
      { until: Math.floor(Date.now() / 1000) + 60 },
      { administrator: true },
    ]) {
      await chief.page.route('**/principals/oncall/codes', (route) =>
        route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), ...change }) }),
      );
      await refused(/does not match this change|signed another statement|another statement/);
      await chief.page.unrouteAll();
      await openPeople(chief.page);
    }
    await chief.page.route('**/principals/oncall/codes', (route) =>
      route.continue({ url: route.request().url().replace('/oncall/', '/third/') }),
    );
    await refused(/another statement|differs/);
    expect([told('oncall'), told('third')]).toEqual([[], ['code-issued']]);
  });

  it('sees that a record was changed, and gets no code for it', async () => {
    const [first] = site.people.store.events.get('root') ?? [];
    await chief.page.route('**/principals/oncall/keys', (route) =>
      route.fulfill({ json: { person: 'oncall', events: [first] } }),
    );
    await openPeople(chief.page);
    await cardOf('oncall').getByText('The record of the passkeys is not valid').waitFor();
    expect(await cardOf('oncall').getByRole('button').count()).toBe(0);
  });
});

it('an approver and a requester do not get the page', async () => {
  for (const name of ['oncall', 'alice']) {
    const person = await openAs(browser, site.url);
    await signIn(person, name);
    expect(await person.page.getByRole('link', { name: 'People' }).count()).toBe(0);
    await person.page.goto(`${site.url}#/people`);
    await person.page.getByText('Only administrators manage passkeys').waitFor();
    await person.context.close();
  }
});

it('an administrator whose passkey has no right to sign for others is told so', async () => {
  const { page } = chief;
  await page.route('**/principals/chief/keys', async (route) => {
    const response = await route.fetch();
    // As if the code of chief had not been for an administrator.
    const text = (await response.text()).replaceAll('"administrator":true', '"administrator":false');
    await route.fulfill({ response, body: text });
  });
  await openPeople(page);
  await cardOf('chief').getByText('The record of the passkeys is not valid').waitFor();
  await page.getByText('You have no administrator passkey for this console').waitFor();
  expect(await page.getByRole('button', { name: /Issue|Remove/ }).count()).toBe(0);
});
