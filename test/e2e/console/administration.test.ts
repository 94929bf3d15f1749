/** An administrator changes a principal, blocks a role, and sees budgets and groups, in a browser; and what nobody else can do. */
import type { Browser, Page } from 'playwright-core';
import { verifyAdministration } from '../../../lib/broker/consent/verify-administration';
import { verifyKeys } from '../../../lib/broker/consent/verify-keys';
import { personArn } from '../../broker/http/support';
import { silence } from '../../broker/memory';
import { enrol, launch, openAs, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';
import { violations as violationsOf } from './violations';

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
  await chief.page.goto(`${site.url}#/`);
});

/** Opens a page of the administration with what the broker has now. */
async function open(path: string, heading: string, page: Page = chief.page): Promise<void> {
  await page.goto(`${site.url}#/administration/${path}`);
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
}

async function audited(record: string) {
  const people = [...site.people.store.events].map(([person, events]) => ({ person, events }));
  const keys = await verifyKeys(people, site.people.at);
  return verifyAdministration({ record, events: site.world.administration.get(record) ?? [] }, site.people.at, keys);
}

const violations = (name: string) => violationsOf(`administration-${name}`, chief);

/** Writes a new policy and new groups of alice, up to what is signed. */
async function edit(policy: string, groups?: string): Promise<void> {
  const { page } = chief;
  await open('principals/alice', 'Principal alice');
  await page.getByRole('button', { name: 'Change policy and groups…' }).click();
  await page.getByLabel('New policy').fill(policy);
  if (groups !== undefined) await page.getByLabel('New groups').fill(groups);
  await page.getByRole('button', { name: 'Review the change' }).click();
  await page.getByRole('heading', { name: 'What you sign' }).waitFor();
}

const save = () => chief.page.getByRole('button', { name: 'Save with passkey' }).click();

it('is reached from the navigation, with every page of it', async () => {
  const { page } = chief;
  await page.getByRole('link', { name: 'Administration' }).click();
  for (const name of ['Principals', 'Revocations', 'Budgets', 'Groups']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
    await page.getByRole('link', { name: 'All pages of the administration' }).click();
  }
  await page.getByRole('heading', { name: 'Administration', level: 1 }).waitFor();
  expect(await violations('index')).toEqual([]);
});

describe('principals', () => {
  it('are listed and searched', async () => {
    const { page } = chief;
    await open('principals', 'Principals');
    await page.getByRole('link', { name: 'alice' }).waitFor();
    await page.getByRole('heading', { name: 'lead' }).getByText('approver').waitFor();
    await page.getByLabel('Search names').fill('ops');
    await page.getByText(/^2 of /).waitFor();
    expect(await violations('principals')).toEqual([]);
  });

  it('get a new policy and groups: the difference is shown, signed, and verified in the browser', async () => {
    const { page } = chief;
    await edit('Works in support.\nMay read reports, <b>never</b> at night.', 'ops, support');
    expect(await page.locator('.answer .difference').innerText()).toContain('<b>never</b>');
    expect(await page.locator('.answer .difference ins').count()).toBe(1);
    expect(await violations('review')).toEqual([]);
    await save();
    await page.getByText('Saved as version 1').waitFor();
    await page.getByText('1 event in an unbroken hash chain, 1 valid signature').waitFor();
    await page.getByText('Signed with the passkey “Laptop”').waitFor();
    expect(site.world.stored.get('alice')).toMatchObject({
      policy: 'Works in support.\nMay read reports, <b>never</b> at night.',
      groups: ['ops', 'support'],
      changedBy: 'chief',
    });
    expect(await audited('settings#alice')).toMatchObject({ valid: true, acts: [{ proof: { kind: 'signed' } }] });

    await edit('Works in sales.\nMay read reports, <b>never</b> at night.');
    expect(await page.locator('.answer del').allTextContents()).toEqual(['[removed: support]']);
    expect(await page.locator('.answer ins').allTextContents()).toEqual(['[added: sales]']);
    await save();
    await page.getByText('2 events in an unbroken hash chain, 2 valid signatures').waitFor();
    expect(await violations('principal')).toEqual([]);
    expect(chief.complaints).toEqual([]);
  });

  it('name the role that a group opens, before and after', async () => {
    const { page } = chief;
    await open('principals/oncall', 'Principal oncall');
    await page.getByRole('button', { name: 'Change policy and groups…' }).click();
    await page.getByLabel('New groups').fill('ops');
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page.getByText('oncall may then request').waitFor();
    await save();
    await page.getByText('New: oncall may now request').waitFor();
  });

  it('show invisible characters of a text as escapes', async () => {
    const { page } = chief;
    await edit('Harmless\u202e txt.exe');
    expect(await page.locator('.answer .difference').innerText()).toContain('\\u{202e}');
    await page.getByText('The new policy contains invisible characters').waitFor();
    await page.getByRole('button', { name: 'Back to the text' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
  });

  it('are checked before the review, and the typed text stays after a refusal', async () => {
    const { page } = chief;
    await open('principals/alice', 'Principal alice');
    await page.getByRole('button', { name: 'Change policy and groups…' }).click();
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page.getByText('Nothing is changed yet.').waitFor();
    await page.getByLabel('New groups').fill('Two Words');
    await page.getByRole('button', { name: 'Review the change' }).click();
    await page.getByText('Enter at most 50 names').waitFor();
    expect(await violations('form')).toEqual([]);
    await page.getByLabel('New groups').fill('ops');
    await page.getByLabel('New policy').fill('Typed before somebody else.');
    await page.getByRole('button', { name: 'Review the change' }).click();
    // Somebody else is first.
    const stored = site.world.stored.get('alice');
    if (stored === undefined) throw new Error('nothing is stored');
    site.world.stored.set('alice', { ...stored, version: stored.version + 1 });
    await save();
    await page.getByRole('alert').getByText('Another administrator has changed the principal').waitFor();
    await page.getByText('The settings in effect are not in the record').waitFor();
    await page.getByRole('button', { name: 'Back to the text' }).click();
    expect(await page.getByLabel('New policy').inputValue()).toBe('Typed before somebody else.');
    site.world.stored.set('alice', stored);
  });

  it('do not offer a change of one’s own settings', async () => {
    await open('principals/chief', 'Principal chief');
    await chief.page.getByText('Nobody can change their own settings').waitFor();
    expect(await chief.page.getByRole('button', { name: /Change/ }).count()).toBe(0);
  });

  it('offer no change if the record was changed', async () => {
    const { page } = chief;
    await page.route('**/principals/alice/events?*', async (route) => {
      const response = await route.fetch();
      const body = await response.text();
      await route.fulfill({ response, body: body.replaceAll('Works in sales.', 'May do everything.') });
    });
    await open('principals/alice', 'Principal alice');
    await page.getByText('This record is broken').waitFor();
    await page.getByText('Do not sign anything until the cause is known').waitFor();
    expect(await page.getByRole('button', { name: /Change/ }).count()).toBe(0);
    expect(await violations('broken')).toEqual([]);
  });

  it('cannot have the signature used for another text', async () => {
    const { page } = chief;
    const before = site.world.administration.get('settings#alice')?.length;
    await page.route('**/principals/alice', async (route) => {
      if (route.request().method() !== 'PUT') return route.fallback();
      const body = { ...route.request().postDataJSON(), policy: 'May do everything.' };
      return route.continue({ postData: JSON.stringify(body) });
    });
    await edit('Works in research.');
    await save();
    await page.getByRole('alert').getByText('Signature not accepted').waitFor();
    expect(site.world.administration.get('settings#alice')).toHaveLength(before ?? 0);
  });

  it('get no signature if the broker names another environment', async () => {
    const { page } = chief;
    await edit('Works in research.');
    const signatures = await chief.signatures();
    await page.route('**/nonces', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), environment: 'hermes/prod/999999999999' } });
    });
    await save();
    await page.getByRole('alert').getByText('but this page shows hermes/dev').waitFor();
    expect(await chief.signatures()).toBe(signatures);
  });
});

describe('revocations', () => {
  const issued = async (): Promise<string> => {
    const { body } = await site.call('request', {
      body: { role: 'log-read', reason: 'Look for the failed deployment of last night' },
    });
    return body.lease.id;
  };

  it('need a scope, a reason, and the name typed once more', async () => {
    const { page } = chief;
    await open('revocations', 'Revocations');
    await page.getByText('No role is blocked.').waitFor();
    await page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await page.getByText('Choose one.').waitFor();
    await page.getByText('Write one line of 3 to 500 characters.').waitFor();
    expect(await violations('revocation-faults')).toEqual([]);
    await page.getByLabel('Role', { exact: true }).selectOption('log-read');
    await page.getByLabel('Why').fill('Incident 42');
    await page.getByLabel('Type log-read to confirm').fill('log-rea');
    await page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await page.getByText('Type log-read exactly.').waitFor();
    expect(site.world.shut.size).toBe(0);
  });

  it('block a role with a signature, which stays shown with who blocked it and what AWS has', async () => {
    const { page } = chief;
    const id = await issued();
    await open('revocations', 'Revocations');
    await page.getByLabel('Role', { exact: true }).selectOption('log-read');
    await page.getByLabel('Why').fill('Incident 42: the agent <reads> too much');
    await page.getByLabel('Type log-read to confirm').fill('log-read');
    await page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await page.getByText('AWS was told').waitFor();
    await page.getByRole('link', { name: id }).waitFor();
    const card = page.locator('.card').filter({ hasText: 'Blocked by' });
    await card.getByText('administrator chief').waitFor();
    await card.getByText('The role has the tag in AWS that denies every session').waitFor();
    await page.getByText('1 event in an unbroken hash chain, 1 valid signature').waitFor();
    expect(await audited('revocations')).toMatchObject({
      valid: true,
      acts: [
        { event: { body: { scope: { role: 'log-read' }, by: 'administrator chief' } }, proof: { kind: 'signed' } },
      ],
    });
    expect(site.world.told(id).at(-1)).toBe('revoked');
    expect(await violations('revocations')).toEqual([]);
  });

  it('end the leases of one requester', async () => {
    const { page } = chief;
    const id = await site.request('Upload release 1.4.2 for the launch of the new checkout');
    await open('revocations', 'Revocations');
    await page.getByText('Every lease of one agent or person').click();
    await page.getByLabel('Agent or person', { exact: true }).selectOption('agent');
    await page.getByLabel('Why').fill('The agent loops');
    await page.getByLabel('Type agent to confirm').fill('agent');
    await page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await page.getByRole('link', { name: id }).waitFor();
    expect(site.world.told(id).at(-1)).toBe('revoked');
  });

  it('state what AWS was not told, and can be sent without a signature in an emergency', async () => {
    const { page } = chief;
    site.world.faults.push({ call: 'shut', when: 'before', error: silence('iam:TagRole') });
    await open('revocations', 'Revocations');
    await page.getByText('Every lease of all roles').click();
    await page.getByLabel('Why').fill('The account is compromised');
    await page.getByLabel('Type all roles to confirm').fill('all roles');
    await page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await page
      .getByRole('alert')
      .getByText(/AWS did not block .*every other role in the request is blocked/)
      .waitFor();
    await page.getByLabel('Without a signature').check();
    await page.getByRole('button', { name: 'Revoke without a signature' }).click();
    await page.getByText('AWS was told').waitFor();
    await page.getByText('Not signed: only the record of the broker says so.').waitFor();
    expect((await audited('revocations')).acts.map(({ proof }) => proof.kind).slice(-2)).toEqual([
      'signed',
      'unsigned',
    ]);
    expect(site.world.shut.size).toBeGreaterThan(3);
  });

  it('do not show who blocked a role if the signature is not valid', async () => {
    const { page } = chief;
    await page.route('**/revocations?*', async (route) => {
      const response = await route.fetch();
      const body = await response.json();
      await route.fulfill({ response, json: { ...body, unauthentic: [1] } });
    });
    await open('revocations', 'Revocations');
    await page.getByText('This record is broken').waitFor();
    expect(await page.getByText('Blocked by').count()).toBe(0);
  });
});

it('budgets show who has used them up, for a role', async () => {
  const { page } = chief;
  for (let tries = 0; tries < 3; tries += 1) {
    await site.call('request', { body: { role: 'none', reason: 'Look for the failed deployment of last night' } });
  }
  await open('budgets', 'Budgets');
  await page.getByText('used up, available again in').waitFor();
  await page.getByLabel('Who may request').selectOption('ops-read');
  expect(await page.getByText('used up, available again in').count()).toBe(0);
  await page.getByRole('meter', { name: 'Requests' }).first().waitFor();
  await page.getByLabel('Who may request').selectOption('any role');
  expect(await violations('budgets')).toEqual([]);
});

it('groups show who is what, who is in them, and what they open', async () => {
  const { page } = chief;
  await open('groups', 'Groups');
  await page.getByText('only in the issuer’s group security').waitFor();
  const ops = page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: 'ops', exact: true }) });
  await ops.getByText('Can request ops-read').waitFor();
  await ops.getByRole('link', { name: 'lead' }).waitFor();
  expect(await violations('groups')).toEqual([]);
});

it('a failure is shown in words', async () => {
  const { page } = chief;
  await page.route('**/budgets', (route) => route.abort());
  await page.goto(`${site.url}#/administration/budgets`);
  await page.getByRole('alert').getByText('No connection').waitFor({ timeout: 60_000 });
  expect(await violations('failed')).toEqual([]);
});

it('an approver and a requester do not get the pages, nor the data', async () => {
  for (const name of ['oncall', 'alice']) {
    const person = await openAs(browser, site.url);
    await signIn(person, name);
    expect(await person.page.getByRole('link', { name: 'Administration' }).count()).toBe(0);
    for (const path of ['', '/principals', '/principals/alice', '/revocations', '/budgets', '/groups']) {
      await person.page.goto(`${site.url}#/administration${path}`);
      await person.page.getByText('Only administrators see this.').waitFor();
    }
    await person.context.close();
  }
  for (const operation of ['budgets', 'groups'] as const) {
    expect((await site.call(operation, { as: personArn('approver', 'oncall') })).status).toBe(403);
  }
});
