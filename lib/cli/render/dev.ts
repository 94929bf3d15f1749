/**
 * Output of `leasehold dev`: lines to paste into a shell, the available identities, and the requests that the broker
 * handles.
 */

import type { Answered } from '@leasehold/broker';
import { onOneLine, shellWord } from '@leasehold/contract/text';
import type { Paint } from '../colour';
import type { Dev } from '../dev';

/** Environment variables for one identity. */
export type Variables = Readonly<Record<string, string>>;

/** Shell lines that set the variables of an identity, and unset variables that may remain from another identity. */
export function shellLines(variables: Variables): string {
  const others = ['AWS_PROFILE', 'AWS_SESSION_TOKEN'].filter((name) => !(name in variables));
  return [`unset ${others.join(' ')}`, ...assignments(variables).map((each) => `export ${each}`), ''].join('\n');
}

/** Shows the broker's address, and the reviewer for the broker's requests. */
export function renderDev(dev: Dev, reviewer: string | undefined, manifest: string, paint: Paint): string {
  const { project, name } = dev.environment;
  return [
    `${paint('bold', dev.broker.url)} is the broker of ${project}-${name}. Ctrl-C ends it; nothing of it is kept.`,
    reviewer === undefined
      ? 'No reviewer reads the requests. For a role that has a reviewer, people decide every request.'
      : `${onOneLine(reviewer)} reads the requests.`,
    `Its description, in which nothing is secret: ${onOneLine(manifest)}`,
    '',
  ].join('\n');
}

/**
 * Shows where people sign in with a browser. Empty if the definitions do not specify how people sign in.
 * @param password The password to show. Only for a terminal.
 */
export function renderSignIn({ signIn }: Dev, password: string | undefined, paint: Paint): string {
  if (signIn === undefined) return '';
  const { console, servesConsole, settings, accounts } = signIn;
  const where = servesConsole ? `The console: ${paint('bold', `${console}/`)}\n` : '';
  const names = accounts.map(({ person, name }) => (person === name ? name : `${person} (${name})`));
  const who =
    names.length === 0
      ? 'Nobody can sign in: no principal has `signIn`.\n'
      : `People sign in at ${settings.issuer}: ${onOneLine(names.join(', '))}\n`;
  return `${where}${who}${password === undefined ? '' : `Their development password: ${paint('green', password)}\n`}`;
}

/** Shows people with their keys. Each person has one line to paste into a separate shell. Only for a terminal. */
export function renderPeople(dev: Dev, variables: Variables, paint: Paint): string {
  const kinds = kindsByName(dev);
  if (kinds.size === 0) return 'Nobody speaks to it but agents: the definitions name no people.\n';
  const lines = [...kinds].map(([name, of]) => {
    const own = { ...dev.env(dev.sandbox.person(name).keys), ...variables };
    return `${paint('bold', onOneLine(name))} (${of.join(', ')})\n  export ${assignments(own).join(' ')}\n`;
  });
  return `People, each in a shell of their own:\n${lines.join('')}Enter shows the codes of their MFA devices; each is good once.\n`;
}

/** Shows the current codes of all MFA devices. Only for a terminal. */
export function renderCodes(dev: Dev, paint: Paint): string {
  const codes = [...kindsByName(dev).keys()].map(
    (name) => `${onOneLine(name)} ${paint('green', dev.sandbox.person(name).device.code())}`,
  );
  return codes.length === 0 ? '' : `codes: ${codes.join(', ')}\n`;
}

/** Shows a request that was answered. */
export function renderAnswered({ operation, status, caller, code, lease }: Answered, paint: Paint): string {
  const said = `${operation} ${status}${code === undefined ? '' : ` ${code}`}`;
  const rest = [caller === undefined ? '' : `by ${caller}`, lease ?? ''].filter((part) => part !== '').join(', ');
  return `${paint(status < 400 ? 'green' : 'red', said)} ${onOneLine(rest)}`.trimEnd().concat('\n');
}

/** All people who may call the broker, with the roles that they use. */
function kindsByName({ people }: Dev): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const [kind, names] of Object.entries(people)) {
    for (const name of names) found.set(name, [...(found.get(name) ?? []), kind]);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assignments(variables: Variables): readonly string[] {
  return Object.entries(variables).map(([name, value]) => `${name}=${shellWord(value)}`);
}
