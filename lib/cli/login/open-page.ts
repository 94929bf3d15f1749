/** Opens a page in the person's browser. */
import { spawn } from 'node:child_process';
import type { Host } from '../host';

/** The program that opens an address on each platform. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  linux: ['xdg-open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/**
 * Opens an address with the program in `BROWSER`, or with the platform's own program. The caller also prints the
 * address, because failures of the program are not reported.
 * @param url An address with `http` or `https`. No shell reads it.
 */
export function openPage(url: string, { env }: Pick<Host, 'env'>): void {
  if (!/^https?:\/\//.test(url)) throw new TypeError('this is not the address of a page');
  const [program, ...args] = env.BROWSER ? [env.BROWSER] : (OPENERS[process.platform] ?? []);
  if (program === undefined) return;
  const child = spawn(program, [...args, url], { detached: true, stdio: 'ignore' });
  child.once('error', () => {});
  child.unref();
}
