/** The addresses of the console's files, which both the function in AWS and `leasehold dev` serve. */

/** Path of the console, relative to the address of the API. */
export const CONSOLE_PATH = '/console';
/** Path of the settings, relative to the address of the API. */
export const CONSOLE_SETTINGS_PATH = '/console.json';
/** The page that is loaded for every address of the console. */
export const CONSOLE_START = 'index.html';

/**
 * The name of the file that an address of the console loads: one of the console's own files, or the start page for the
 * address of a page, such as `leases/lh-1`. Names are only compared, so that no path ever reaches a file system.
 * @param path The path below {@link CONSOLE_PATH}, without a slash at the beginning.
 * @param has Whether the console has a file with this name.
 * @returns undefined if there is no such file and no such page
 */
export function consoleFileAt(path: string, has: (name: string) => boolean): string | undefined {
  if (has(path)) return path;
  return PAGE.test(path) ? CONSOLE_START : undefined;
}

/**
 * The path of a page: the segments of a link, for example `leases/lh-1`, or nothing. The console itself writes its
 * routes into the fragment of the address. A path with a dot, a percent sign or an empty segment is never a page.
 */
const PAGE = /^(?:[A-Za-z0-9_-]{1,128}(?:\/[A-Za-z0-9_-]{1,128}){0,3}\/?)?$/;

/**
 * The start page with the console's path, from which the browser resolves relative addresses. A built console does not
 * contain this path, because the name of the API's stage may be part of it.
 * @param base Path of the API, without a slash at the end.
 * @throws {TypeError} if the page is not the start page of a console
 */
export function consoleStartPage(page: string, base: string): string {
  if (!page.includes(BUILT_BASE)) throw new TypeError(`${CONSOLE_START} contains no ${BUILT_BASE}>`);
  return page.replace(BUILT_BASE, () => `<base href="${base}${CONSOLE_PATH}/"`);
}

const BUILT_BASE = `<base href="${CONSOLE_PATH}/"`;
