/** `npm run demo:console` as a new user tries it: two people approve with passkeys, the requester uses the lease, an auditor verifies it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { run } from '../support/run';
import { launch, openAs, type Person } from './browser';

const ROOT = join(__dirname, '..', '..', '..');
const BIN = join(ROOT, 'lib', 'cli', 'bin', 'leasehold.js');
const VERIFIER = join(ROOT, 'examples', 'verify-audit', 'verify-audit.mjs');
const MINUTES = 60_000;

let folder: string;
let demo: ChildProcess;
let printed = '';
let browser: Browser;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-demo-test-'));
  const port = String(await freePort());
  demo = spawn('npm', ['run', '--silent', 'demo:console', '--', '--port', port], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await new Promise<void>((resolve, reject) => {
    demo.stdout?.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C stops the demo')) resolve();
    });
    demo.stderr?.on('data', (chunk) => {
      printed += chunk;
    });
    demo.once('close', () => reject(new Error(printed)));
  });
  browser = await launch();
}, 3 * MINUTES);

afterAll(async () => {
  await browser?.close();
  const { pid } = demo;
  if (pid !== undefined && demo.exitCode === null) {
    const closed = new Promise((resolve) => demo.once('close', resolve));
    process.kill(-pid, 'SIGINT');
    await closed;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A value that the demo printed. */
function shown(pattern: RegExp): string {
  const [, value] = pattern.exec(printed) ?? [];
  if (value === undefined) throw new Error(`${pattern} is not in:\n${printed}`);
  return value;
}

const consoleAt = () => shown(/The console: (\S+)/);
const waiting = () => shown(/then the lease (lh-\w+)/);

async function signedIn(name: string): Promise<Person> {
  const person = await openAs(browser, consoleAt(), { issuer: /.*/ });
  const { page } = person;
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Person').selectOption(name);
  await page.getByLabel('Development password').fill(shown(/Password of every account: (\S+)/));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'Sign out' }).waitFor();
  return person;
}

async function registerAndApprove(name: string, answer: string): Promise<void> {
  const { page } = await signedIn(name);
  await page.getByRole('link', { name: 'Passkeys' }).click();
  await page.getByLabel('One-time code').fill(shown(new RegExp(`${name} +([0-9a-z]{26})`)));
  await page.getByLabel('Name of the passkey').fill('Laptop');
  await page.getByRole('button', { name: 'Register passkey' }).click();
  await page.getByText('The passkey is registered').waitFor();
  await page.getByRole('link', { name: 'Approvals' }).click();
  await page.locator(`a[href$="${waiting()}"]`).first().click();
  await page.getByRole('button', { name: 'Approve with passkey' }).click();
  await page.getByText(answer).waitFor();
}

it(
  'an administrator sees leases in every state',
  async () => {
    const { page } = await signedIn('ada');
    const states = new Set<string>();
    for (const role of ['ledger-correction', 'release-config', 'ops-metrics']) {
      await page.goto(`${consoleAt()}#/leases`);
      await page.getByLabel('Name of the role').fill(role);
      await page.getByRole('button', { name: 'Show' }).click();
      await page.locator('a[href*="/leases/lh-"]', { hasText: role }).first().waitFor();
      for (const state of await page.locator('.badge').allTextContents()) states.add(state);
    }
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
  'the requester signs in on the command line, uses the lease, and an auditor verifies its signatures',
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
      const used = await cli([
        ...['exec', 'ledger-correction', '--reason', reason, '--param', 'customer=c-1001', '--lease', waiting(), '--'],
        ...['aws', 'dynamodb', 'query', '--table-name', 'bank-prod-transactions', '--query', 'Count'],
        ...['--key-condition-expression', 'customer = :customer'],
        ...['--expression-attribute-values', '{":customer": {"S": "c-1001"}}'],
      ]);
      expect(Number(used.stdout)).toBeGreaterThan(0);
      const { stdout } = await cli(['audit', waiting(), '--export']);
      const file = join(folder, 'lease.json');
      writeFileSync(file, stdout);
      const root = shown(/lease\.json ([0-9a-f]{64})/);
      const verified = await run(process.execPath, [VERIFIER, file, root], { cwd: folder });
      expect(verified.stdout).toMatch(/olga[\s\S]*ravi/);
    } finally {
      await cli(['logout']);
    }
  },
  3 * MINUTES,
);

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
