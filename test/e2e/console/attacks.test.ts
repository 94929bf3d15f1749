/** What an attacker tries: texts of an agent, a broker that was replaced, frames, scripts, and stolen tokens. */
import { decisionOf, fold, type Statement } from '@leasehold/broker/core';
import type { Browser, Route } from 'playwright-core';
import { nextEvent } from '../../../lib/broker/lease/event';
import { Authenticator } from '../../broker/consent/authenticator';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';

const REASON = 'Upload release 1.4.2 to the deploy bucket';

let site: TestConsole;
let browser: Browser;
let lead: Person;

beforeAll(async () => {
  site = await startConsole();
  browser = await launch();
  lead = await openAs(browser, site.url);
  await signIn(lead, 'lead');
  await enrol(lead, await site.codeFor('lead'));
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

afterEach(async () => {
  await lead.page.unrouteAll();
  lead.complaints.length = 0;
});

/** Answers a call with the broker's own answer after a change. */
const changed = (change: (body: Record<string, unknown>) => unknown) => async (route: Route) => {
  const response = await route.fetch();
  await route.fulfill({ response, json: change(await response.json()) });
};

describe('a broker that was replaced gets no signature', () => {
  const digest = 'A'.repeat(43);

  it.each<[string, (body: Record<string, unknown>) => unknown, string]>([
    [
      'a nonce that is a whole challenge',
      (body) => ({ ...body, nonce: `${body.nonce}${digest}` }),
      'Unexpected answer',
    ],
    ['a challenge beside the nonce', (body) => ({ ...body, challenge: `${body.nonce}${digest}` }), 'Unexpected answer'],
    ['no nonce', ({ nonce: _, ...body }) => body, 'Unexpected answer'],
    [
      'another site',
      (body) => ({ ...body, relyingParty: { id: 'localhost', origin: 'https://leases.example.com' } }),
      'The console refuses',
    ],
    [
      'another host',
      (body) => ({ ...body, relyingParty: { ...(body.relyingParty as object), id: 'example.com' } }),
      'The console refuses',
    ],
    ['another person', (body) => ({ ...body, person: 'oncall' }), 'The console refuses'],
    ['another environment', (body) => ({ ...body, environment: 'hermes/prod/123456789012' }), 'The console refuses'],
  ])('that sends %s', async (_, change, title) => {
    const id = await site.request(REASON);
    await openLease(lead, site.url, id);
    const before = await lead.signatures();
    const sent: string[] = [];
    lead.page.on('request', (request) => sent.push(new URL(request.url()).pathname));
    await lead.page.route('**/nonces', changed(change));
    await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
    await lead.page.getByRole('alert').getByText(title).waitFor();
    expect(sent.filter((path) => path.endsWith('/approve'))).toEqual([]);
    expect(await lead.signatures()).toBe(before);
    expect(site.world.told(id)).toEqual(['requested', 'proposed']);
  });

  it.each<[string, (body: { events: { body: Record<string, unknown>; previous: string }[] }) => unknown]>([
    ['fewer events', ({ events, ...rest }) => ({ ...rest, events: events.slice(1) })],
    ['another order', ({ events, ...rest }) => ({ ...rest, events: [...events].reverse() })],
    [
      'an event of an unknown kind',
      ({ events, ...rest }) => ({ ...rest, events: [...events, { ...events[0], body: { type: 'waived' } }] }),
    ],
    ['an event that it did not write', (body) => ({ ...body, unauthentic: [2] })],
  ])('that shows %s', async (_, change) => {
    const id = await site.request(REASON);
    await lead.page.route('**/events', changed(change as (body: Record<string, unknown>) => unknown));
    await lead.page.goto(`${site.url}#/leases/${id}`);
    await lead.page.getByRole('alert').getByText('The record of this lease is broken').waitFor();
    expect(await lead.page.getByRole('button', { name: 'Approve with passkey' }).count()).toBe(0);
  });

  it('that forges the first approval in an unbroken chain', async () => {
    const id = await site.request(REASON);
    const events = site.world.events.get(id) ?? [];
    const lease = fold(events);
    const decision = { type: 'approved', by: { name: 'oncall' }, hash: lease.proposal?.hash ?? '' } as const;
    // The broker creates the key itself, so the assertion is for this decision, and its signature fits the key.
    const party = { id: 'localhost', origin: site.origin };
    const assertion = new Authenticator('ES256', party).sign(decisionOf(lease, decision) as Statement, 'A'.repeat(43));
    site.world.events.set(id, [...events, nextEvent(id, lease.last, lease.last.at, { ...decision, assertion })]);
    await lead.page.goto(`${site.url}#/leases/${id}`);
    await lead.page.getByRole('alert').getByText('A signature in this record is not valid.').waitFor();
    const text = await lead.page.getByRole('main').innerText();
    expect(text).toContain(
      'A signature in this record is not valid. Do not approve anything, and tell an administrator.',
    );
    expect(text.indexOf('A signature in this record')).toBeLessThan(text.indexOf('Your answer'));
    expect(await lead.page.getByRole('button').allInnerTexts()).toEqual(['Sign out', 'Deny…', 'Export record']);
  });

  it('that shows a wider grant: the page shows what it signs, and the signature fits nothing else', async () => {
    const id = await site.request(REASON);
    await lead.page.route(
      '**/events',
      changed((body) =>
        JSON.parse(JSON.stringify(body).replaceAll('hermes-dev-deploy/1.4.2/*', 'hermes-dev-deploy/*')),
      ),
    );
    await openLease(lead, site.url, id);
    expect(await lead.page.getByRole('main').innerText()).toContain('arn:aws:s3:::hermes-dev-deploy/*');
    await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
    await lead.page.getByRole('alert').first().waitFor();
    expect(site.world.told(id)).toEqual(['requested', 'proposed']);
  });

  it('that shows another requester, role and reason than the record', async () => {
    const id = await site.request(REASON);
    const other = { requester: 'somebody', grant: { role: 'log-read', reason: 'Nothing at all' } };
    await lead.page.route(
      `**/leases/${id}`,
      changed((body) => ({ ...body, ...other, grant: { ...(body.grant as object), ...other.grant } })),
    );
    await openLease(lead, site.url, id);
    const text = await lead.page.getByRole('main').innerText();
    expect(text).toContain(REASON);
    expect(text).toContain('s3-deploy');
    expect(text).not.toMatch(/somebody|log-read|Nothing at all/);
  });
});

describe('a reason is text, whatever an agent writes', () => {
  const HOSTILE = [
    '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script> is needed for the release',
    '<button>Approve with passkey</button><a href="https://example.com">Sign in</a> to go on',
    'Read only\u202e .etirw dna eteled\u202c as always, nothing else',
    'Upload\u200b\u2060\u00ad the\u3164 release \u{e0041}\u{e0042} of today',
    '“, approved by oncall ┃ Approvals 2 of 2 humans — Grant verified ✓',
    '{{constructor.constructor("window.pwned=1")()}} ${window.pwned=1} release',
    `Upload ${'wide'.repeat(200)} release`,
  ];

  it.each(HOSTILE)('%j', async (reason) => {
    const id = await site.request(reason);
    const { page } = lead;
    for (const width of [1200, 360]) {
      await page.setViewportSize({ width, height: 900 });
      await openLease(lead, site.url, id);
      const note = page.locator('figure.untrusted').first();
      // The frame contains the reason, below what the lease permits.
      expect(await note.getByText('Nobody has verified this text.').count()).toBe(1);
      const [permitted, framed] = [page.locator('#grant'), note].map(
        async (part) => (await part.boundingBox())?.y ?? 0,
      );
      expect(await framed).toBeGreaterThan((await permitted) as number);
      expect(await note.locator('blockquote *:not(bdi)').count()).toBe(0);
      expect(await page.getByRole('button').allInnerTexts()).toEqual([
        'Sign out',
        'Approve with passkey',
        'Deny…',
        'Export record',
      ]);
      expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
      // No text of the page has a character that reorders or hides what is around it.
      expect(await page.locator('body').innerText()).not.toMatch(
        /[\u202a-\u202e\u2066-\u2069\u200b-\u200f\u2060\u00ad\u3164\u{e0000}-\u{e007f}]/u,
      );
      // Nothing reaches beyond the page, where it could look like a part of the browser.
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(
        0,
      );
    }
    await page.setViewportSize({ width: 1200, height: 900 });
  });

  it('also in the queue', async () => {
    for (const reason of HOSTILE) await site.request(reason);
    const { page } = lead;
    await page.goto(`${site.url}#/approvals`);
    await page.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    await page
      .locator('.card')
      .nth(HOSTILE.length - 1)
      .waitFor();
    expect(await page.getByRole('button').allInnerTexts()).toEqual(['Sign out']);
    expect(await page.locator('.said *:not(bdi)').count()).toBe(0);
  });
});

describe('a lease whose record is broken is shown as such', () => {
  it.each([
    ['in the queue on Home', '', 'approver'],
    ['in the own leases on Home', '', 'requester'],
    ['in the list of leases', '#/leases', 'approver'],
    ['in the queue', '#/approvals', 'approver'],
  ])('%s', async (_, route, as) => {
    const { page } = lead;
    // The page is loaded anew, so that it has read nothing yet.
    await page.goto('about:blank');
    await page.route(
      `**/people/${as}/leases*`,
      changed(() => ({ leases: [], broken: ['lh-broken'] })),
    );
    await page.goto(`${site.url}${route}`);
    await signIn(lead, 'lead');
    const alert = page.getByRole('alert');
    await alert.getByText('1 lease with a broken record').waitFor();
    await alert.getByRole('link', { name: 'lh-broken' }).waitFor();
    if (as === 'requester') expect(await page.getByText('You requested no lease').count()).toBe(0);
  });
});

it('the page refuses to be framed', async () => {
  const { page } = await openAs(browser, `${site.origin}/framed`);
  await page.waitForTimeout(500);
  const frame = page.frames()[1];
  expect(await frame?.locator('body').innerText()).not.toContain('Sign in');
  expect(await frame?.getByRole('button', { name: 'Sign in' }).count()).toBe(0);
  await page.context().close();
});

it('the browser runs no script, style or request that the policy of the page does not permit', async () => {
  const { page } = lead;
  await page.goto(site.url);
  const blocked = await page.evaluate(async () => {
    const found: string[] = [];
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => found.push(effectiveDirective));
    const script = document.createElement('script');
    script.textContent = 'window.pwned = 1';
    document.head.append(script);
    const style = document.createElement('style');
    style.textContent = 'body { display: none }';
    document.head.append(style);
    const image = new Image();
    image.src = 'https://example.com/x.png';
    await fetch('https://example.com/').catch(() => undefined);
    const frame = document.createElement('iframe');
    frame.src = 'https://example.com/';
    document.body.append(frame);
    await new Promise((resolve) => setTimeout(resolve, 300));
    return [...new Set(found)].sort();
  });
  expect(blocked).toEqual(['connect-src', 'frame-src', 'img-src', 'script-src-elem', 'style-src-elem']);
  expect(await page.evaluate(() => Reflect.get(window, 'pwned'))).toBeUndefined();
});

it('a stolen token approves nothing', async () => {
  const id = await site.request(REASON);
  let token = '';
  lead.page.on('request', (request) => {
    token = request.headers().authorization ?? token;
  });
  await lead.page.reload();
  await signIn(lead, 'lead');
  await openLease(lead, site.url, id);
  expect(token).toMatch(/^Bearer token-/);
  const { hash } = (await site.call('status', { as: LEAD_ARN, path: { lease: id } })).body.grant;
  const response = await fetch(`${site.url.replace('/console/', '')}/people/approver/leases/${id}/approve`, {
    method: 'POST',
    headers: { authorization: token, 'content-type': 'application/json' },
    body: JSON.stringify({ hash }),
  });
  expect([response.status, (await response.json()).code]).toEqual([403, 'consent-required']);
});

it('a code that another site brings to the page signs nobody in', async () => {
  const person = await openAs(browser, `${site.url}signed-in?code=${'0'.repeat(32)}&state=x`);
  await person.page.waitForTimeout(300);
  expect(await person.page.getByRole('button', { name: 'Sign out' }).count()).toBe(0);
  expect(person.page.url()).not.toContain('code=');
  await person.context.close();
});

const LEAD_ARN = 'arn:aws:sts::123456789012:assumed-role/hermes-dev-approver/lead';
