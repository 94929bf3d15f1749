/** Addresses of the console, of its API, and of the page to which the issuer redirects. */

/** The console's path, relative to the API's address. */
const CONSOLE = '/console/';
/** The page to which the issuer redirects. This page is registered with the issuer, so its name never changes. */
const SIGNED_IN = 'signed-in';

/**
 * The addresses of the API and the console, taken from the address of a page. The path of the API may contain a stage,
 * so the API's address is everything before `/console/`.
 */
export function addressesOf(page: URL) {
  const at = page.pathname.lastIndexOf(CONSOLE);
  const api = `${page.origin}${page.pathname.slice(0, Math.max(0, at))}`;
  return {
    /** Without a final slash. */
    api,
    /** With a final slash. */
    console: `${api}${CONSOLE}`,
    signedIn: `${api}${CONSOLE}${SIGNED_IN}`,
  };
}

/**
 * Converts a link such as `/console/leases/lh-1`, as written in chats and by the command line, to an address with the
 * route in the fragment. Undefined if the path contains no route.
 */
export function routedAddress(page: URL): string | undefined {
  const { console } = addressesOf(page);
  const [, route] = /\/console\/([^/.]+(?:\/[^/.]+)*)$/.exec(page.pathname) ?? [];
  return route === undefined || route === SIGNED_IN ? undefined : `${console}#/${route}`;
}

/** Whether this page is the page to which the issuer redirects. */
export function isSignedInPage(page: URL): boolean {
  return page.pathname.endsWith(`${CONSOLE}${SIGNED_IN}`);
}
