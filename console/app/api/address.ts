/** Addresses of the console, of its API, and of the page to which the issuer returns. */

/** Path below the API's address at which the console is served. */
const CONSOLE = '/console/';
/** The page to which the issuer returns. It is registered at the issuer, so it never changes. */
const SIGNED_IN = 'signed-in';

/** The addresses for a page of the console. The API may be served below a stage, so its address ends where the console's begins. */
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
 * The address with its route in the fragment, for a link such as `/console/leases/lh-1`, which chats and the command
 * line contain. Undefined for an address that has its route there.
 */
export function routedAddress(page: URL): string | undefined {
  const { console } = addressesOf(page);
  const [, route] = /\/console\/([^/.]+(?:\/[^/.]+)*)$/.exec(page.pathname) ?? [];
  return route === undefined || route === SIGNED_IN ? undefined : `${console}#/${route}`;
}

/** Whether the issuer has returned to this page. */
export function isSignedInPage(page: URL): boolean {
  return page.pathname.endsWith(`${CONSOLE}${SIGNED_IN}`);
}
