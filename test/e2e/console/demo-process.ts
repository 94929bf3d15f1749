/** A demo of the bank that serves the console, started as a user starts it, and people who sign in to it. */
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { openAs, type Person } from './browser';

const ROOT = join(__dirname, '..', '..', '..');

export interface Demo {
  /** A value that the demo printed. */
  readonly shown: (pattern: RegExp) => string;
  /** The address of the console. */
  readonly address: string;
  /** Opens the console in a browser of its own, and signs in. */
  readonly signedIn: (browser: Browser, name: string) => Promise<Person>;
  readonly stop: () => Promise<void>;
}

/** @param ports The options of the script that take a port; each gets a free one. */
export async function startDemo(script: string, ports: readonly string[] = ['--port']): Promise<Demo> {
  const options: string[] = [];
  for (const name of ports) options.push(name, String(await freePort()));
  const demo = spawn('npm', ['run', '--silent', script, '--', ...options], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    demo.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C stops the demo')) resolve();
    });
    demo.stderr.on('data', (chunk) => {
      printed += chunk;
    });
    demo.once('close', () => reject(new Error(printed)));
  });
  const shown = (pattern: RegExp): string => {
    const [, value] = pattern.exec(printed) ?? [];
    if (value === undefined) throw new Error(`${pattern} is not in:\n${printed}`);
    return value;
  };
  const address = shown(/The console: (\S+)/);
  return {
    shown,
    address,
    signedIn: async (browser, name) => {
      const person = await openAs(browser, address, { issuer: /.*/ });
      const { page } = person;
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('Person').selectOption(name);
      await page.getByLabel('Development password').fill(shown(/Password of every account: (\S+)/));
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('button', { name: 'Sign out' }).waitFor();
      return person;
    },
    stop: async () => {
      const { pid } = demo;
      if (pid === undefined || demo.exitCode !== null) return;
      const closed = new Promise((resolve) => demo.once('close', resolve));
      process.kill(-pid, 'SIGINT');
      await closed;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('there is no free port');
  return address.port;
}
