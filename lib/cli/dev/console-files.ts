/** The files that a browser fetches from the local broker: the settings for signing in, and a built console. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { assistantOrigin } from '@leasehold/contract/assistant-address';
import { consoleHeaders } from '@leasehold/contract/console-headers';
import { type ConsoleSettings, consoleSettings } from '@leasehold/contract/console-settings';
import {
  CONSOLE_PATH,
  CONSOLE_SETTINGS_PATH,
  CONSOLE_START,
  consoleFileAt,
  consoleStartPage,
} from '@leasehold/contract/console-site';
import { type ApiFile, SandboxError } from '@leasehold/sandbox';

/**
 * The folder of the built console.
 * @param wanted The folder that the caller named.
 * @returns undefined if no folder is named, and `@leasehold/console` is not installed or not built
 * @throws {SandboxError} for a named folder without a console
 */
export function consoleFolder(wanted: string | undefined): string | undefined {
  const folder = wanted ?? installedConsole();
  if (folder !== undefined && existsSync(join(folder, CONSOLE_START))) return folder;
  if (wanted === undefined) return undefined;
  throw new SandboxError(`${wanted} contains no ${CONSOLE_START}`, 'Name the folder of a built console.');
}

/** Path of the built console in the published package: next to the bundle, relative to this file. */
const PUBLISHED = [__dirname, join(__dirname, '..')].map((folder) => join(folder, 'console-function', 'site'));

/** The console of a clone, or the one in the published package. */
function installedConsole(): string | undefined {
  try {
    return join(dirname(require.resolve('@leasehold/console/package.json')), 'dist');
  } catch {
    return PUBLISHED.find((folder) => existsSync(folder));
  }
}

/**
 * Finds a file by its path below the API's address. The console's files are read once, so the path in a request is
 * never looked up on disk.
 * @param base Path of the API, which begins the path of the console.
 */
export function consoleFiles(
  folder: string | undefined,
  base: string,
  settings: ConsoleSettings,
): (path: string) => ApiFile | undefined {
  const { issuer, assistant } = settings;
  const origins = [new URL(issuer).origin, ...(assistant ? [assistantOrigin(assistant)] : [])];
  const file = (name: string, body: Buffer): ApiFile => ({ headers: consoleHeaders(name, origins), body });
  const shown = file('console.json', Buffer.from(`${JSON.stringify(consoleSettings.parse(settings))}\n`));
  const files = new Map<string, ApiFile>();
  for (const name of folder === undefined ? [] : namesIn(folder)) {
    const content = readFileSync(join(folder ?? '', name));
    const page = () => Buffer.from(consoleStartPage(content.toString('utf8'), base));
    files.set(name, file(name, name === CONSOLE_START ? page() : content));
  }
  return (path) => {
    if (path === CONSOLE_SETTINGS_PATH) return shown;
    if (path !== CONSOLE_PATH && !path.startsWith(`${CONSOLE_PATH}/`)) return undefined;
    const name = consoleFileAt(path.slice(CONSOLE_PATH.length + 1), (each) => files.has(each));
    return name === undefined ? undefined : files.get(name);
  };
}

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
