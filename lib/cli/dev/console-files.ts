/** The files that a browser fetches from the local broker: the settings for signing in, and a built console. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { consoleHeaders } from '@leasehold/contract/console-headers';
import { CONSOLE_SETTINGS_PATH, type ConsoleSettings, consoleSettings } from '@leasehold/contract/console-settings';
import { CONSOLE_PATH } from '@leasehold/documents';
import { type ApiFile, SandboxError } from '@leasehold/sandbox';

/** The page that every address of the console loads. */
const START = 'index.html';

/**
 * The folder of the built console.
 * @param wanted The folder that the caller named.
 * @returns undefined if no folder is named, and `@leasehold/console` is not installed or not built
 * @throws {SandboxError} for a named folder without a console
 */
export function consoleFolder(wanted: string | undefined): string | undefined {
  const folder = wanted ?? installedConsole();
  if (folder !== undefined && existsSync(join(folder, START))) return folder;
  if (wanted === undefined) return undefined;
  throw new SandboxError(`${wanted} contains no ${START}`, 'Name the folder of a built console.');
}

function installedConsole(): string | undefined {
  try {
    return join(dirname(require.resolve('@leasehold/console/package.json')), 'dist');
  } catch {
    return undefined;
  }
}

/**
 * Finds a file by its path below the API's address. The console's files are read once, so that no path of a request is
 * ever looked up on the disk. An address of the console without a file, such as `/console/leases/lh-1`, loads the start
 * page.
 * @param base Path of the API, which begins the path of the console.
 */
export function consoleFiles(
  folder: string | undefined,
  base: string,
  settings: ConsoleSettings,
): (path: string) => ApiFile | undefined {
  const origins = [new URL(settings.issuer).origin];
  const file = (name: string, body: Buffer): ApiFile => ({ headers: consoleHeaders(name, origins), body });
  const files = new Map([
    [CONSOLE_SETTINGS_PATH, file('console.json', Buffer.from(`${JSON.stringify(consoleSettings.parse(settings))}\n`))],
  ]);
  for (const name of folder === undefined ? [] : namesIn(folder)) {
    const content = readFileSync(join(folder ?? '', name));
    files.set(`${CONSOLE_PATH}/${name}`, file(name, name === START ? startPage(content, base) : content));
  }
  const start = files.get(`${CONSOLE_PATH}/${START}`);
  return (path) => files.get(path) ?? (PAGE.test(path) ? start : undefined);
}

/**
 * The start page with the console's path, from which the browser resolves relative addresses. A built console does not
 * contain this path, because the name of the API's stage is part of it.
 */
function startPage(content: Buffer, base: string): Buffer {
  const text = content.toString('utf8');
  return Buffer.from(text.replace(BUILT_BASE, () => `<base href="${base}${CONSOLE_PATH}/"`));
}

const BUILT_BASE = `<base href="${CONSOLE_PATH}/"`;

/** An address of a page of the console. Its last segment has no file name ending. */
const PAGE = new RegExp(`^${CONSOLE_PATH}(/[^.]*)?$`);

function namesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'));
}
