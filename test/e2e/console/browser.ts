/** A real Chromium with a virtual authenticator, and what people do in it. */
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The path of Chromium: `CHROMIUM`, or the first of the usual paths. @throws Error with what to install */
export function chromiumPath(): string {
  const found = [...(process.env.CHROMIUM === undefined ? [] : [process.env.CHROMIUM]), ...USUAL].find(existsSync);
  if (found !== undefined) return found;
  throw new Error(
    'Chromium is missing, which tests of the console need. Install it (Debian: `apt-get install chromium`), or name it in CHROMIUM.',
  );
}

export function launch(): Promise<Browser> {
  const args = ['--no-sandbox', '--disable-gpu', '--disable-background-networking'];
  return chromium.launch({ executablePath: chromiumPath(), args, timeout: 60_000 });
}

/** One person's browser. */
export interface Person {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Requests that left the origin, and messages of the console of the browser. */
  readonly complaints: string[];
  /** Gives the person one more device. */
  readonly newDevice: () => Promise<void>;
  /** How often the devices have signed. */
  readonly signatures: () => Promise<number>;
}

/**
 * Opens the console in a browser of its own, with a device that verifies its user.
 * @param options.issuer Another origin that the page may call.
 */
export async function openAs(
  browser: Browser,
  url: string,
  { issuer, ...options }: Parameters<Browser['newContext']>[0] & { readonly issuer?: string | RegExp } = {},
): Promise<Person> {
  const context = await browser.newContext({
    viewport: { width: 1200, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !/status of 40[134]/.test(message.text())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    const { origin } = new URL(request.url());
    const isIssuer = issuer instanceof RegExp ? issuer.test(origin) : origin === issuer;
    if (origin !== new URL(url).origin && !isIssuer) complaints.push(`request to ${request.url()}`);
  });
  const devices = await devicesOf(context, page);
  await devices.newDevice();
  await page.goto(url);
  return { context, page, complaints, ...devices };
}

/** Chromium's virtual authenticators, on which the user confirms everything. Each has a counter. */
async function devicesOf(context: BrowserContext, page: Page): Promise<Pick<Person, 'newDevice' | 'signatures'>> {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const ids: string[] = [];
  return {
    newDevice: async () => {
      const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
        options: {
          protocol: 'ctap2',
          // A browser has one built-in device; the others are connected.
          transport: ids.length === 0 ? 'internal' : 'usb',
          hasResidentKey: true,
          hasUserVerification: true,
          isUserVerified: true,
          automaticPresenceSimulation: true,
        },
      });
      ids.push(authenticatorId);
      const [first] = ids;
      if (first === undefined || first === authenticatorId) return;
      // Whoever creates a passkey touches the new device, and whoever signs then touches the first one.
      const touches = async (touched: string) => {
        for (const id of ids) {
          const enabled = id === touched;
          await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId: id, enabled });
        }
      };
      await touches(authenticatorId);
      await page.exposeFunction('touchFirstDevice', () => touches(first));
      await page.evaluate(() => {
        const { touchFirstDevice } = window as unknown as { touchFirstDevice(): Promise<void> };
        const own = navigator.credentials;
        const get = own.get.bind(own);
        own.get = async (options) => {
          await touchFirstDevice();
          return get(options);
        };
      });
    },
    signatures: async () => {
      let count = 0;
      for (const authenticatorId of ids) {
        const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
        for (const { signCount } of credentials) count += signCount;
      }
      return count;
    },
  };
}

/** Signs in at the issuer as this person. */
export async function signIn({ page }: Pick<Person, 'page'>, name: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name, exact: true }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
}

/** Registers the person's first passkey with a one-time code. */
export async function enrol({ page }: Person, code: string): Promise<void> {
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByLabel('One-time code').fill(code);
  await page.getByLabel('Name of the passkey').fill('Laptop');
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByText('The passkey is registered').waitFor();
}

/** Opens a lease, and waits until its record is verified. */
export async function openLease({ page }: Person, url: string, id: string): Promise<void> {
  await page.goto(`${url}#/leases/${id}`);
  await page.getByText('Verified in this browser').waitFor();
}
