/** A person requests access in a real Chromium, another one approves it with a passkey, and the command line can use it. */
import type { Browser } from 'playwright-core';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';

const REASON = 'Upload release 1.4.2 of the shop for SHOP-1042';

let site: TestConsole;
let browser: Browser;
let alice: Person;
let lead: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  alice = await openAs(browser, site.url);
  await alice.context.grantPermissions(['clipboard-read', 'clipboard-write']);
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

/** Opens the form of a role. */
async function form(role: string): Promise<void> {
  await alice.page.goto(`${site.url}#/`);
  await alice.page.getByRole('link', { name: 'Request access' }).first().click();
  await alice.page.getByRole('link', { name: role, exact: true }).click();
  await alice.page.getByRole('heading', { name: `Request ${role}` }).waitFor();
}

async function filled(reason = REASON): Promise<void> {
  const { page } = alice;
  await form('shop-deploy');
  await page.getByLabel('release').fill('1.4.2');
  await page.getByLabel('stage').selectOption('live');
  await page.getByLabel('Reason').fill(reason);
}

const send = () => alice.page.getByRole('button', { name: 'Send request' }).click();

/** The id of the lease whose page is open. */
async function leaseOnPage(): Promise<string> {
  await alice.page.getByText('Your request waits: 0 of 1 approval').waitFor();
  return /lh-[0-9a-z]+/.exec(alice.page.url())?.[0] ?? '';
}

it('one person requests, another approves, and the page shows the command without a reload', async () => {
  await filled();
  const { page } = alice;
  await page.getByLabel('Length in minutes').fill('20');
  await send();
  const id = await leaseOnPage();
  const [requested] = site.world.events.get(id) ?? [];
  expect(requested?.body).toMatchObject({
    requester: { name: 'alice', kind: 'person' },
    asked: { role: 'shop-deploy', parameters: { release: '1.4.2', stage: 'live' }, seconds: 1200, reason: REASON },
  });
  await openLease(lead, site.url, id);
  await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
  await lead.page.getByText('You approved this lease').waitFor();
  await page.getByText('Your lease is approved').waitFor();
  const expected =
    `leasehold exec shop-deploy --reason '${REASON}' --param release=1.4.2 --param stage=live --duration 1200 ` +
    `--lease ${id} -- COMMAND`;
  expect(await page.locator('section[aria-labelledby=own-lease] pre').innerText()).toBe(expected);
  await page.getByRole('button', { name: 'Copy command' }).click();
  await page.getByText('Copied.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(expected);
  // Nothing was collected, so no credentials exist.
  expect(site.world.told(id)).toEqual(['requested', 'proposed', 'approved']);
});

it('the form shows what the lease would permit, as the person types, in the words of the approver', async () => {
  await form('shop-deploy');
  const { page } = alice;
  const preview = page.locator('section[aria-labelledby=preview]');
  expect(await preview.innerText()).toContain('arn:aws:s3:::hermes-dev-deploy/${param.release}/*');
  await page.getByLabel('release').fill('1.4.2');
  await page.getByLabel('stage').selectOption('test');
  await page.getByLabel('Reason').fill(REASON);
  const permissions = (part: Person['page'] | typeof preview) =>
    part
      .locator('.fact', { has: alice.page.locator('dt', { hasText: 'Permissions' }) })
      .first()
      .innerText();
  const promised = await permissions(preview);
  expect(promised).toContain('arn:aws:s3:::hermes-dev-deploy/1.4.2/*');
  await send();
  await leaseOnPage();
  expect(await permissions(page)).toBe(promised);
});

it('what the broker would refuse is refused while the person types', async () => {
  await form('shop-deploy');
  const { page } = alice;
  const sent: string[] = [];
  page.on('request', (request) => sent.push(request.method()));
  await send();
  await page.getByText('The reason is shorter than 10 characters').waitFor();
  await page.getByText('Choose one of the values.').waitFor();
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true');
  const release = page.getByLabel('release');
  await release.fill('../../etc');
  await page.getByText('The whole value must match').waitFor();
  await release.fill('a*');
  await page.getByText('Enter 1 to 256 ASCII letters').waitFor();
  await release.fill('1.4.2');
  await page.getByText('Enter 1 to 256 ASCII letters').waitFor({ state: 'detached' });
  await page.getByLabel('Reason').fill('please please please do it');
  await page.getByText('The reason does not state an action and its target').waitFor();
  await page.getByLabel('Reason').fill('Upload \u202e2.4.1 esaeler of the shop');
  await page.getByText('The reason contains a line break or an invisible character').waitFor();
  for (const minutes of ['0', '31', '1e1', '-5', 'ten']) {
    await page.getByLabel('Length in minutes').fill(minutes);
    await page.getByText('Enter whole minutes, from 1 to 30.').waitFor();
  }
  await send();
  expect(sent.filter((method) => method === 'POST')).toEqual([]);
});

it('a reason full of HTML and of right-to-left text is text, for the requester and for the approver', async () => {
  const hostile = `Upload <img src=x onerror="window.pwned=1"> <b>שלום עולם</b> 'quoted' $(id) \`id\` release`;
  await filled(hostile);
  await send();
  const id = await leaseOnPage();
  for (const person of [alice, lead]) {
    await openLease(person, site.url, id);
    const note = person.page.locator('figure.untrusted').first();
    expect(await note.locator('blockquote').innerText()).toBe(hostile);
    expect(await note.locator('blockquote *:not(bdi)').count()).toBe(0);
    expect(await person.page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
  }
  await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
  await alice.page.getByText('Your lease is approved').waitFor();
  // One word for a shell, in which nothing is expanded.
  expect(await alice.page.locator('section[aria-labelledby=own-lease] pre').innerText()).toContain(
    `--reason '${hostile.replaceAll("'", "'\\''")}' --param`,
  );
});

it('a denial is told without a reload, with its reason', async () => {
  await filled();
  await send();
  const id = await leaseOnPage();
  await openLease(lead, site.url, id);
  await lead.page.getByRole('button', { name: 'Deny…' }).click();
  await lead.page.getByLabel('Why').fill('The release is frozen');
  await lead.page.getByRole('button', { name: 'Deny', exact: true }).click();
  await alice.page.getByText('Your request was denied.').waitFor();
  expect(await alice.page.getByRole('main').innerText()).toContain('The release is frozen');
});

it('a request whose answer was lost opens no second lease', async () => {
  await filled('Upload release 1.4.2 again, over a bad network');
  const { page } = alice;
  const before = site.world.events.size;
  await page.route('**/people/requester/leases', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    await route.fetch();
    await route.abort();
  });
  await send();
  await page.getByRole('alert').getByText('No connection').waitFor();
  await page.unrouteAll();
  alice.complaints.length = 0;
  // Nor is it sent again: if the lease had been approved in the meantime, the answer would be credentials.
  const sent: string[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/people/requester/leases')) sent.push(request.url());
  });
  await send();
  await leaseOnPage();
  expect(sent).toEqual([]);
  expect(site.world.events.size).toBe(before + 1);
});

it('the end of a session in the middle of the form loses nothing that was typed', async () => {
  const reason = 'Upload release 1.4.2, typed before the session ended';
  await filled(reason);
  const { page, context } = alice;
  site.issuer.endSessions();
  await send();
  await page.getByRole('heading', { name: 'Your session has ended' }).waitFor();
  const popup = context.waitForEvent('page');
  await page.getByRole('button', { name: 'Sign in again' }).click();
  await (await popup).getByRole('link', { name: 'alice', exact: true }).click();
  const id = await leaseOnPage();
  expect(site.world.events.get(id)?.[0]?.body).toMatchObject({
    asked: { reason, parameters: { release: '1.4.2', stage: 'live' } },
  });
  await lead.page.reload();
  await signIn(lead, 'lead');
});

it('a role that needs no approval is not requested by the page, because its answer would be credentials', async () => {
  await form('shop-logs');
  const { page } = alice;
  const before = site.world.events.size;
  await page.getByLabel('Reason').fill('Read the logs of the failed checkout');
  await page.getByRole('button', { name: 'Show command' }).click();
  expect(await page.locator('section[aria-labelledby=command] pre').innerText()).toBe(
    "leasehold exec shop-logs --reason 'Read the logs of the failed checkout' -- COMMAND",
  );
  expect(site.world.events.size).toBe(before);
});

it('roles are searched by name, purpose and action, with the keyboard alone', async () => {
  const { page } = alice;
  await page.goto(`${site.url}#/request`);
  await page.getByText('4 roles').waitFor();
  // Nobody reads requests here, so nobody can propose one.
  expect(await page.getByRole('heading', { name: 'Describe the task' }).count()).toBe(0);
  await page.getByLabel('Search roles').focus();
  await page.keyboard.type('putobject SHOP');
  await page.getByText('1 of 4 roles').waitFor();
  await page.keyboard.press('Tab');
  for (let presses = 0; presses < 5; presses += 1) {
    if (await page.evaluate(() => document.activeElement?.textContent === 'shop-deploy')) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Request shop-deploy' }).waitFor();
  await page.goto(`${site.url}#/request`);
  await page.getByLabel('Search roles').fill('nothing like this');
  await page.getByText('No role matches.').waitFor();
});

it('says why somebody cannot request: no role, not this role, not in the console, no requester', async () => {
  const { page } = alice;
  await page.goto(`${site.url}#/request/tickets`);
  await page.getByText('The parameter customer of this role comes from subject.sub').waitFor();
  await page.goto(`${site.url}#/request/s3-deploy`);
  await page.getByText('You may not request this role, or it does not exist.').waitFor();
  const guest = await openAs(browser, `${site.url}#/request`);
  await signIn(guest, 'guest');
  await guest.page.getByText('You cannot request any role').waitFor();
  await guest.page.route('**/people/requester/**', (route) =>
    route.fulfill({
      status: 403,
      contentType: 'application/problem+json',
      json: PROBLEM,
    }),
  );
  await guest.page.reload();
  await signIn(guest, 'guest');
  await guest.page.getByText('You cannot request leases').waitFor();
  await guest.context.close();
});

const PROBLEM = {
  type: 'urn:leasehold:problem:forbidden',
  title: 'Forbidden',
  status: 403,
  code: 'forbidden',
  detail: 'The caller may not do this here.',
  hint: 'Ask an administrator.',
  retryable: false,
};
