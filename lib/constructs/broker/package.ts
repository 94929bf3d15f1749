/** The deployment packages of the functions, each in one archive. */

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { CONSOLE_START } from '@leasehold/contract/console-site';
import { LeaseholdError } from '@leasehold/contract/error';
import { visible } from '@leasehold/contract/text';
import type { Environment } from '@leasehold/definitions';
import { BROKER_CONFIG, brokerConfig } from '@leasehold/documents';
import { strToU8, type Zippable, zipSync } from 'fflate';

/** Name of the broker's archive, which is written next to the stack's JSON. */
export const BROKER_ARCHIVE = 'broker.zip';
/** Name of the archive of the function that serves the console. */
export const CONSOLE_ARCHIVE = 'console.zip';

/** An archive and its SHA-256 hash in base64, the encoding that Lambda and Terraform use for the hash. */
export interface FunctionPackage {
  readonly bytes: Uint8Array;
  readonly hash: string;
}

/**
 * Packs the broker of an environment: its code, and its environment's configuration. The same code and definitions
 * always result in the same bytes, on any machine.
 * @param code Path of the bundle. Default: the bundle that `npm run build` writes.
 * @throws {LeaseholdError} `not-built` if there is no such file
 */
export function brokerPackage(environment: Environment, code: string = brokerBundle()): FunctionPackage {
  if (!existsSync(code)) throw notBuilt(`There is no code of the broker's function at ${visible(code)}.`);
  return packed({ [BROKER_CONFIG]: strToU8(brokerConfig(environment)), 'index.js': readFileSync(code) });
}

/**
 * Packs the function that serves the console: its code and the console's files. The archive contains nothing from the
 * definitions, so it is the same in every environment of every project.
 * @param folder The bundle. Default: the bundle that `npm run build` writes.
 * @throws {LeaseholdError} `not-built` if the folder lacks the code or the start page
 */
export function consolePackage(folder: string = dirname(consoleBundle())): FunctionPackage {
  for (const name of ['index.js', `site/${CONSOLE_START}`]) {
    if (!existsSync(join(folder, name))) throw notBuilt(`The console in ${visible(folder)} has no ${name}.`);
  }
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const named = paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)] as const);
  // Each file system lists its files in an order of its own.
  return packed(Object.fromEntries(named.sort(([one], [other]) => (one < other ? -1 : 1))));
}

function packed(files: Readonly<Record<string, Uint8Array>>): FunctionPackage {
  const entries = Object.entries(files).map(([name, content]) => [name, file(content)]);
  const bytes = zipSync(Object.fromEntries(entries), { level: 9, mtime: FIRST_DAY });
  return { bytes, hash: createHash('sha256').update(bytes).digest('base64') };
}

/** File mode: every user may read the file, because Lambda runs the code as a separate user. */
function file(content: Uint8Array): Zippable[string] {
  return [content, { os: UNIX, attrs: 0o644 << 16 }];
}

const UNIX = 3;
/** The earliest date that a ZIP archive can store, in local time because ZIP archives store local times. */
const FIRST_DAY = new Date(1980, 0, 1);

/**
 * Path of the broker's bundled code, which `npm run build` writes into this package. The path is the same whether this
 * module runs from its sources or from `dist/`.
 * @throws if the bundle has not been built.
 */
export function brokerBundle(resolve: (name: string) => string = require.resolve): string {
  return built(() => resolve('@leasehold/constructs/broker-function'), "The code of the broker's function");
}

/** Path of the bundled code of the function that serves the console. The console's files are in the same folder. */
export function consoleBundle(resolve: (name: string) => string = require.resolve): string {
  return built(() => resolve('@leasehold/constructs/console-function'), "The code of the console's function");
}

function built(path: () => string, what: string): string {
  try {
    return path();
  } catch (cause) {
    throw notBuilt(`${what} is not built.`, { cause });
  }
}

function notBuilt(message: string, options?: ErrorOptions): LeaseholdError {
  return new LeaseholdError(
    { code: 'not-built', message, hint: "Run `npm run build` in Leasehold's folder." },
    options,
  );
}
