/**
 * Opens the AWS console with a lease, in another tab. Anyone who has the sign-in URL can use it to sign in, so only
 * that tab receives the URL: it is not returned, stored, shown or logged.
 */
import type { Broker } from '../api/client.ts';
import { PageRefusal } from '../api/errors.ts';

/** An empty tab. It must be opened during the click, because browsers block tabs that are opened later. */
export function emptyTab(): Window | null {
  return window.open('about:blank', '_blank');
}

/**
 * Collects a lease as a sign-in address of the AWS console, and opens the address in a tab.
 * @param tab The result of {@link emptyTab}. It is closed if the console cannot be opened.
 * @throws {PageRefusal} before the lease is collected, if the browser blocked the tab
 */
export async function openAwsConsole(broker: Broker, lease: string, tab: Window | null): Promise<void> {
  if (tab === null) {
    throw new PageRefusal(
      'The browser blocked the new tab. The lease was not used.',
      'Allow pop-ups for this page in your browser, then try again.',
    );
  }
  try {
    // Nothing in the tab can reach this page. AWS gets no referrer, because this page sends none anywhere.
    tab.opener = null;
    tab.document.title = 'AWS console';
    tab.document.body.textContent = 'Opening the AWS console…';
    const { url } = await broker('console', { as: 'requester', path: { lease } });
    if (!isSignInOfAws(url)) {
      throw new PageRefusal('The broker sent an address that is not an AWS sign-in address.', 'Tell an administrator.');
    }
    if (tab.closed) {
      throw new PageRefusal('The new tab was closed too early. The lease is already running.', 'Try again soon.');
    }
    // The empty page does not remain in the history of the tab.
    tab.location.replace(url);
  } catch (error) {
    tab.close();
    throw error;
  }
}

/**
 * Hosts at which AWS signs people in, with or without a region. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
const SIGN_IN_HOST = /^(?:(?:[a-z0-9-]+\.)?signin\.aws\.amazon\.com|signin\.amazonaws(?:\.cn|-us-gov\.com))$/;

/** Whether an address signs a person in at AWS. Any other one, such as `javascript:`, could act on this page. */
export function isSignInOfAws(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === 'https:' && SIGN_IN_HOST.test(host) && username === '' && password === '';
}
