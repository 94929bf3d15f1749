/** Converts every error to text for people. No other file does this. */
import { KeyFault, LeaseFault } from '@leasehold/broker/core';
import { LeaseholdError } from '@leasehold/contract/error';
import { visible } from '@leasehold/contract/text';
import { BrokerRefusal, PageRefusal, SignedOut, SignInFailed, UnexpectedAnswer } from './errors.ts';

/** An error in words. */
export interface Explanation {
  readonly title: string;
  readonly detail: string;
  /** What to do next. */
  readonly hint: string;
  /** The machine-readable code, if the error has one. */
  readonly code?: string;
}

/** The text to show for an error. Invisible characters in text from the broker are made visible. */
export function explain(error: unknown): Explanation {
  if (error instanceof BrokerRefusal) {
    const { title, detail, hint, code, retryAfter } = error.problem;
    const wait = retryAfter === undefined ? '' : ` Try again in ${retryAfter} seconds.`;
    return { title: visible(title), detail: visible(detail), hint: `${visible(hint)}${wait}`, code };
  }
  if (error instanceof PageRefusal) return { title: error.title, detail: error.message, hint: error.hint };
  if (error instanceof SignedOut) return { title: 'Signed out', detail: 'You are not signed in.', hint: 'Sign in.' };
  if (error instanceof SignInFailed) {
    return {
      title: 'Not signed in',
      detail: visible(error.message),
      hint: 'Sign in again. If the error persists, ask an administrator.',
    };
  }
  if (error instanceof UnexpectedAnswer) {
    return {
      title: 'Unexpected answer',
      detail: error.message,
      hint: 'Reload the page: the broker may be newer than this page. If the error persists, ask an administrator.',
    };
  }
  if (error instanceof KeyFault || error instanceof LeaseFault) {
    return {
      title: 'Record broken',
      detail: visible(error.message),
      hint: 'Report this error to an administrator. Do not approve anything until its cause is known.',
    };
  }
  // The permissions of a grant cannot be shown whole.
  if (error instanceof LeaseholdError) {
    return { title: 'Not shown', detail: sentence(error.message), hint: visible(error.hint) };
  }
  const device = error instanceof Error ? DEVICE_WORDS[error.name] : undefined;
  if (device !== undefined) return device;
  if (error instanceof TypeError) {
    return {
      title: 'No connection',
      detail: 'The broker cannot be reached.',
      hint: 'Check your network, then try again.',
    };
  }
  return { title: 'Something failed', detail: 'The page cannot continue.', hint: 'Reload the page, then try again.' };
}

/** Errors of Leasehold begin with a lower-case letter and have no full stop, as command lines show them. */
function sentence(message: string): string {
  return `${visible(message.charAt(0).toUpperCase() + message.slice(1)).replace(/\.$/, '')}.`;
}

/** Errors of the browser's passkeys, by name. Source: https://www.w3.org/TR/webauthn-3/#sctn-getAssertion */
const DEVICE_WORDS: Readonly<Record<string, Explanation>> = {
  NotAllowedError: {
    title: 'Not signed',
    detail: 'You did not confirm the request on your device in time, or you cancelled the request.',
    hint: 'Try again, and confirm on your device.',
  },
  AbortError: {
    title: 'Not signed',
    detail: 'Another request to your device replaced this request.',
    hint: 'Try again.',
  },
  InvalidStateError: {
    title: 'Already registered',
    detail: 'You already have a passkey on this device.',
    hint: 'Use another device, or remove the earlier passkey first.',
  },
  SecurityError: {
    title: 'Another site',
    detail: 'Passkeys are bound to the address of the console, and this page has a different address.',
    hint: 'Open the console at its own address.',
  },
  NotSupportedError: {
    title: 'No passkeys here',
    detail: 'This device does not support any of the permitted types of passkeys.',
    hint: 'Use another device or browser.',
  },
};
