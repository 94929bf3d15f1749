/** Reads the variables of the console's function. A value that could change the headers or the page is refused. */
import { assistantOrigin, DEPLOYED_ASSISTANT } from '@leasehold/contract/assistant-address';
import type { ConsoleSettings } from '@leasehold/contract/console-settings';
import { CONSOLE_VARIABLES } from '@leasehold/documents';

/** What differs between deployments of the console. */
export interface SiteSettings {
  /** Path of the API for browsers, without a slash at the end. */
  readonly base: string;
  /** Origins that the page may call in addition to its own. */
  readonly origins: readonly string[];
  /** The only host that serves the page. If undefined, every host does. */
  readonly host: string | undefined;
  /** The content of `console.json`. */
  readonly signIn: ConsoleSettings;
}

/** @throws {TypeError} if a variable is missing, or its value is not acceptable */
export function readSiteSettings(variables: Readonly<Record<string, string | undefined>>): SiteSettings {
  const read = (name: keyof typeof CONSOLE_VARIABLES, form: RegExp): string => {
    const value = variables[CONSOLE_VARIABLES[name]];
    if (value !== undefined && form.test(value)) return value;
    throw new TypeError(`${CONSOLE_VARIABLES[name]} has no acceptable value; deploy the whole stack`);
  };
  const isSet = (name: keyof typeof CONSOLE_VARIABLES) => variables[CONSOLE_VARIABLES[name]] !== undefined;
  const assistant = isSet('assistant') ? { address: read('assistant', DEPLOYED_ASSISTANT) } : undefined;
  return {
    base: read('base', BASE).slice(0, -1),
    origins: [...read('origins', ORIGINS).split(' '), ...(assistant ? [assistantOrigin(assistant)] : [])],
    host: isSet('host') ? read('host', HOST) : undefined,
    signIn: {
      issuer: read('issuer', ISSUER),
      clientId: read('clientId', CLIENT),
      scope: read('scope', SCOPE),
      ...(assistant && { assistant }),
    },
  };
}

const BASE = /^\/(?:[\w-]{1,128}\/)?$/;
const HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/;
const ORIGINS = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?(?: https:\/\/[a-z0-9.-]+(?::\d{1,5})?)*$/;
/** The forms of `consoleSettings` in the contract; an issuer in AWS always uses TLS. */
const ISSUER = /^https:\/\/[^\s?#]{1,492}$/;
const CLIENT = /^.{1,200}$/su;
const SCOPE = /^\S+(?: \S+)*$/;
