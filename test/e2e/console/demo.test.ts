/** `npm run demo:console` as a new user tries it: two people approve with passkeys, the requester uses the lease, an auditor verifies it. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { run } from '../support/run';
import { launch, type Person } from './browser';
import { type Demo, startDemo } from './demo-process';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'lib', 'cli', 'bin', 'leasehold.js');
const VERIFIER = join(ROOT, 'examples', 'verify-audit', 'verify-audit.mjs');
const MINUTES = 60_000;

let folder: string;
let demo: Demo;
let browser: Browser;
/** The administrator, with the passkey in this browser. */
let ada: Person;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-demo-test-'));
  demo = await startDemo('demo:console');
  browser = await launch();
}, 3 * MINUTES);

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const shown = (pattern: RegExp) => demo.shown(pattern);
const consoleAt = () => demo.address;
const waiting = () => shown(/then the lease (lh-\w+)/);

const signedIn = (name: string) => demo.signedIn(browser, name);

async function register(name: string): Promise<Person> {
  const person = await signedIn(name);
  const { page } = person;
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByLabel('One-time code').fill(shown(new RegExp(`${name} +([0-9a-z]{26})`)));
  await page.getByLabel('Name of the passkey').fill('Laptop');
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByText('The passkey is registered').waitFor();
  return person;
}

async function registerAndApprove(name: string, answer: string): Promise<void> {
  const { page } = await register(name);
  await page.getByRole('link', { name: 'Approvals' }).click();
  await page.locator(`a[href$="${waiting()}"]`).first().click();
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByText(answer).waitFor();
}

it(
  'an administrator sees leases in every state',
  async () => {
    const { page } = await signedIn('ada');
    await page.goto(`${consoleAt()}#/leases`);
    await page.locator('a[href*="/leases/lh-"]').first().waitFor();
    const states = new Set(await page.locator('.badge').allTextContents());
    const usual = ['approved', 'denied', 'expired', 'issued', 'lapsed', 'pending', 'revoked'];
    expect([...states].sort()).toEqual(usual);
  },
  MINUTES,
);

it(
  'two approvers register passkeys and approve a write in production',
  async () => {
    await registerAndApprove('olga', 'You approved this lease');
    await registerAndApprove('ravi', '2 valid signatures');
  },
  3 * MINUTES,
);

it(
  'the requester uses the lease until an administrator revokes it, and an auditor verifies the signatures',
  async () => {
    const env = {
      LEASEHOLD_MANIFEST: shown(/export LEASEHOLD_MANIFEST=(\S+)/),
      AWS_ENDPOINT_URL: shown(/AWS_ENDPOINT_URL=(\S+)/),
      XDG_RUNTIME_DIR: folder,
      NO_COLOR: '1',
    };
    const cli = (args: readonly string[]) => run(process.execPath, [BIN, ...args], { cwd: folder, env });
    const { page, context } = await signedIn('emil');
    const login = spawn(process.execPath, [BIN, 'login', '--no-browser'], {
      cwd: folder,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = new Promise<number | null>((resolve) => login.once('close', resolve));
    const address = await new Promise<string>((resolve) => {
      let told = '';
      login.stderr.on('data', (chunk) => {
        told += chunk;
        const [url] = /^http\S+$/m.exec(told) ?? [];
        if (url !== undefined) resolve(url);
      });
    });
    const tab = await context.newPage();
    await tab.goto(address);
    const account = tab.getByLabel('Person');
    if (await account.isVisible()) {
      await account.selectOption('emil');
      await tab.getByLabel('Development password').fill(shown(/Password of every account: (\S+)/));
      await tab.getByRole('button', { name: 'Sign in' }).click();
    }
    expect(await ended).toBe(0);
    try {
      await page.goto(`${consoleAt()}#/leases/${waiting()}`);
      const command = await page.getByText(/^leasehold exec ledger-correction/).textContent();
      expect(command).toContain(`--lease ${waiting()}`);
      const reason = 'Take back the rent of Mara that was booked twice on 5 October: sr-2041';
      // The same query before and after the revocation, with the credentials of the lease.
      const query =
        'aws dynamodb query --table-name bank-prod-transactions --query Count --key-condition-expression ' +
        `"customer = :customer" --expression-attribute-values '{":customer": {"S": "c-1001"}}'`;
      const twice = `${query} > first && until [ -e revoked ]; do sleep 1; done; ${query}`;
      const lease = ['--reason', reason, '--param', 'customer=c-1001', '--lease', waiting()];
      const used = run(process.execPath, [BIN, 'exec', 'ledger-correction', ...lease, '--', 'sh', '-c', twice], {
        cwd: folder,
        env,
        expect: [254, 255],
      });
      await Promise.race([used, untilWritten(join(folder, 'first'))]);
      expect(Number(readFileSync(join(folder, 'first'), 'utf8'))).toBeGreaterThan(0);
      ada = await register('ada');
      const { page: administrator } = ada;
      await administrator.goto(`${consoleAt()}#/leases/${waiting()}`);
      await administrator.getByRole('button', { name: 'Revoke…' }).click();
      await administrator.getByLabel('Why').fill('The correction is booked');
      await administrator.getByRole('button', { name: 'Revoke', exact: true }).click();
      await administrator.getByText('You revoked this lease').waitFor();
      writeFileSync(join(folder, 'revoked'), '');
      expect((await used).stderr).toMatch(/AccessDenied.*with an explicit deny/);
      const { stdout } = await cli(['audit', waiting(), '--export']);
      const file = join(folder, 'lease.json');
      writeFileSync(file, stdout);
      const root = shown(/lease\.json ([0-9a-f]{64})/);
      const verified = await run(process.execPath, [VERIFIER, file, root], { cwd: folder });
      expect(verified.stdout).toMatch(/olga[\s\S]*ravi[\s\S]*ada/);
    } finally {
      await cli(['logout']);
    }
  },
  3 * MINUTES,
);

it(
  'a person requests a lease, and an administrator changes a policy with a passkey',
  async () => {
    const { page } = await signedIn('emil');
    await page.goto(`${consoleAt()}#/request/ledger-correction`);
    await page.getByLabel('customer').fill('c-1004');
    await page.getByLabel('Reason').fill('Take back the card fee of c-1004 that was booked twice: complaint cp-330');
    await page.getByRole('button', { name: 'Send request' }).click();
    await page.getByRole('heading', { name: /^Lease lh-/ }).waitFor();

    const { page: administrator } = ada;
    await administrator.goto(`${consoleAt()}#/administration/principals/sami`);
    await administrator.getByRole('button', { name: 'Change policy and groups…' }).click();
    await administrator.getByLabel('New policy').fill('Sami reads one support request at a time, by its number.');
    await administrator.getByRole('button', { name: 'Review the change' }).click();
    await administrator.getByRole('button', { name: 'Save with passkey' }).click();
    await administrator.getByText('Saved as version 1').waitFor();
    await administrator.getByText('1 event in an unbroken hash chain, 1 valid signature').waitFor();
  },
  2 * MINUTES,
);

/** Waits until a program has written to a file. */
async function untilWritten(file: string): Promise<void> {
  while (!existsSync(file) || readFileSync(file).length === 0) await setTimeout(200);
}
