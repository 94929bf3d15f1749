/** Writes the pictures of docs/console.md: `npm run pictures:console`, after a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole, type TestConsole } from './server';

const IMAGES = join(__dirname, '..', '..', '..', 'docs', 'images');

async function main(): Promise<void> {
  const site = await startConsole();
  const browser = await launch();
  try {
    const viewport = { width: 940, height: 900 };
    const lead = await openAs(browser, site.url, { viewport });
    await signIn(lead, 'lead');
    await enrol(lead, await site.codeFor('lead'));
    const id = await site.request('Upload release 1.4.2 for the launch of the new checkout, ticket SHOP-1042');
    await openLease(lead, site.url, id);
    await lead.page.locator('.difference').getByText('there is none').waitFor();
    await picture(lead, 'console-lease', 'header', '.answer');
    await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
    await lead.page.getByText('1 valid signature').waitFor();
    await lead.page.getByText('Hash and keys').click();
    await picture(lead, 'console-record', 'section[aria-labelledby=timeline]', 'section[aria-labelledby=timeline]');
    await lead.page.goto(`${site.url}#/roles/shop-deploy`);
    await lead.page.getByRole('textbox', { name: 'Action' }).fill('s3:PutObject');
    await lead.page.getByRole('textbox', { name: 'Resource' }).fill('arn:aws:s3:::hermes-dev-deploy/1.4.2/index.html');
    await lead.page.getByRole('textbox', { name: 'release' }).fill('1.4.2');
    await lead.page.getByRole('button', { name: 'Check' }).click();
    await lead.page.getByText('Allowed', { exact: true }).waitFor();
    await picture(lead, 'console-role', 'header', 'section[aria-labelledby=decision]');
    await lead.page.goto(`${site.url}#/roles`);
    await lead.page.getByLabel('Search roles').fill('shop');
    await lead.page.getByText('2 of 8 roles').waitFor();
    await picture(lead, 'console-roles', 'header', '.cards');
    const alice = await openAs(browser, site.url, { viewport });
    await signIn(alice, 'alice');
    await fillRequest(
      alice,
      site.url,
      '1.4.2',
      'Upload release 1.4.2 of the shop for the new checkout, ticket SHOP-1042',
    );
    await picture(alice, 'console-request', 'header', '.form');
    await someLeases(site, lead, alice);
    await lead.page.goto(`${site.url}#/leases`);
    await lead.page.getByText('5 leases').waitFor();
    await picture(lead, 'console-leases', 'header', '.cards > li:nth-child(4)');
    await lead.page.goto(`${site.url}#/activity?days=7`);
    await lead.page.locator('canvas').waitFor();
    await picture(lead, 'console-activity', 'header', 'section:has(canvas)');
    await lead.page.goto(`${site.url}#/approvals`);
    await lead.page.getByRole('heading', { name: 'Waiting for you' }).waitFor();
    await picture(lead, 'console-approvals', 'header', '.cards');
    await lead.page.goto(`${site.url}#/passkeys`);
    await lead.page.getByRole('heading', { name: 'Passkeys', exact: true }).first().waitFor();
    await picture(lead, 'console-passkeys', 'header', 'main');
    await lead.page.goto(`${site.url}#/`);
    await lead.page.getByText('You requested no lease').first().waitFor();
    await picture(lead, 'console-home', 'header', 'main');
    const chief = await openAs(browser, site.url, { viewport });
    await signIn(chief, 'chief');
    await enrol(chief, await site.codeFor('chief', true));
    await chief.page.goto(`${site.url}#/people`);
    await chief.page.getByText('All trust depends').first().waitFor();
    await picture(chief, 'console-people', 'header', 'main');
    await chief.page.goto(`${site.url}#/administration/revocations`);
    await chief.page.getByLabel('Role', { exact: true }).selectOption('s3-deploy');
    await chief.page.getByLabel('Why').fill('The agent uploads to the wrong folder, ticket SEC-77');
    await chief.page.getByLabel('Type s3-deploy to confirm').fill('s3-deploy');
    await chief.page.getByRole('button', { name: 'Revoke with passkey' }).click();
    await chief.page.getByText('Blocked by').waitFor();
    await picture(chief, 'console-administration', 'header', 'section[aria-labelledby=blocked]');
  } finally {
    await browser.close();
    await site.stop();
  }
}

/** Fills in the form for a release of the shop. */
async function fillRequest({ page }: Person, url: string, release: string, reason: string): Promise<void> {
  await page.goto(`${url}#/request/shop-deploy`);
  await page.getByLabel('release').fill(release);
  await page.getByLabel('stage').selectOption('live');
  await page.getByLabel('Reason').fill(reason);
}

/** Leases in several states, besides the one that waits already. */
async function someLeases(site: TestConsole, lead: Person, alice: Person): Promise<void> {
  for (const [release, reason, answer] of [
    ['1.4.2', 'Upload release 1.4.2 of the shop for the new checkout, ticket SHOP-1042', 'approve'],
    ['1.4.3', 'Upload release 1.4.3 of the shop, because the banner is too small', 'deny'],
    ['1.4.4', 'Upload release 1.4.4 of the shop with the new banner, ticket SHOP-1050', 'none'],
  ] as const) {
    await fillRequest(alice, site.url, release, reason);
    await alice.page.getByRole('button', { name: 'Send request' }).click();
    await alice.page.getByText('Your request waits').waitFor();
    if (answer === 'none') continue;
    await openLease(lead, site.url, /lh-[0-9a-z]+/.exec(alice.page.url())?.[0] ?? '');
    if (answer === 'approve') {
      await lead.page.waitForTimeout(READING);
      await lead.page.getByRole('button', { name: 'Approve with passkey' }).click();
      await lead.page.getByText('You approved this lease').waitFor();
    } else {
      await lead.page.getByRole('button', { name: 'Deny…' }).click();
      await lead.page.getByLabel('Why').fill('Releases are frozen until Monday');
      await lead.page.getByRole('button', { name: 'Deny', exact: true }).click();
      await lead.page.getByText('You denied this lease').waitFor();
    }
  }
  await site.call('request', { body: { role: 'log-read', reason: 'Look for the failed deployment of last night' } });
}

/** How each page is shown: with the ending of the file's name, the width, and the colors. */
const LOOKS = [
  { ending: '', width: 940, colorScheme: 'light' },
  { ending: '-dark', width: 940, colorScheme: 'dark' },
  { ending: '-phone', width: 390, colorScheme: 'light' },
] as const;

/** Everything from one element to another, as WebP, in each of the looks. */
async function picture(person: Person, name: string, from: string, to: string): Promise<void> {
  const { page } = person;
  for (const { ending, width, colorScheme } of [...LOOKS].reverse()) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 900 });
    // The page, and a chart in it, take their new size.
    await page.waitForTimeout(500);
    await capture(person, width, `${name}${ending}`, from, to);
  }
}

async function capture(
  { context, page }: Person,
  width: number,
  name: string,
  from: string,
  to: string,
): Promise<void> {
  const [first, last] = [await page.locator(from).first().boundingBox(), await page.locator(to).first().boundingBox()];
  const scrolled = await page.evaluate(() => window.scrollY);
  if (first === null || last === null) throw new Error(`${name}: there is nothing to see`);
  const y = Math.max(0, first.y + scrolled - MARGIN);
  const clip = { x: 0, y, width, height: last.y + scrolled + last.height + MARGIN - y, scale: 1 };
  const devtools = await context.newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 85,
    captureBeyondViewport: true,
    clip,
  });
  writeFileSync(join(IMAGES, `${name}.webp`), Buffer.from(data, 'base64'));
}

/** Milliseconds for which the approver reads, so that the time to approval is not zero. */
const READING = 9000;

/** Pixels around an element. */
const MARGIN = 16;

main().catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
