/** Writes the pictures of docs/console.md: `npm run pictures:console`, after a build. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enrol, launch, openAs, openLease, type Person, signIn } from './browser';
import { startConsole } from './server';

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
    const alice = await openAs(browser, site.url, { viewport });
    await signIn(alice, 'alice');
    await alice.page.goto(`${site.url}#/request/shop-deploy`);
    await alice.page.getByLabel('release').fill('1.4.2');
    await alice.page.getByLabel('stage').selectOption('live');
    await alice.page
      .getByLabel('Reason')
      .fill('Upload release 1.4.2 of the shop for the new checkout, ticket SHOP-1042');
    await picture(alice, 'console-request', 'header', '.form');
  } finally {
    await browser.close();
    await site.stop();
  }
}

/** Everything from one element to another, as WebP. */
async function picture({ context, page }: Person, name: string, from: string, to: string): Promise<void> {
  const [first, last] = [await page.locator(from).first().boundingBox(), await page.locator(to).first().boundingBox()];
  const scrolled = await page.evaluate(() => window.scrollY);
  if (first === null || last === null) throw new Error(`${name}: there is nothing to see`);
  const y = Math.max(0, first.y + scrolled - MARGIN);
  const clip = { x: 0, y, width: 940, height: last.y + scrolled + last.height + MARGIN - y, scale: 1 };
  const devtools = await context.newCDPSession(page);
  const { data } = await devtools.send('Page.captureScreenshot', {
    format: 'webp',
    quality: 85,
    captureBeyondViewport: true,
    clip,
  });
  writeFileSync(join(IMAGES, `${name}.webp`), Buffer.from(data, 'base64'));
}

/** Pixels around an element. */
const MARGIN = 16;

main().catch((error: unknown) => {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
});
