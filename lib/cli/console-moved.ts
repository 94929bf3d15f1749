/**
 * Warns if the definitions move the console of a deployed broker to another domain, or remove it. Passkeys are valid for
 * one host name only. The manifest of the deployed stack shows where the console is now.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Definitions, Environment, Finding } from '@leasehold/definitions';
import { type Manifest, readManifest } from '@leasehold/runtime';
import type { Host } from './host';
import { MANIFEST } from './leasing';

/** The same finding in plan review. */
const ID = 'console-domain-changed';
const PAGE = 'docs/findings/console-domain-changed.md';

/** The warnings about moved consoles. Empty if there is no manifest, or if no console moves. */
export function movedConsoles(definitions: Definitions, host: Pick<Host, 'cwd' | 'env'>): readonly Finding[] {
  const named = host.env.LEASEHOLD_MANIFEST || undefined;
  const file = resolve(host.cwd, named ?? MANIFEST);
  const hasBroker = definitions.environments.some(({ broker }) => broker !== undefined);
  if (!hasBroker || (named === undefined && !existsSync(file))) return [];
  const manifest = readable(file);
  if (manifest === undefined) return [unreadable(named ?? MANIFEST)];
  return definitions.environments
    .filter((environment) => isOf(environment, manifest))
    .flatMap((environment) => movedConsole(environment, manifest));
}

function movedConsole(environment: Environment, { broker: deployed }: Manifest): readonly Finding[] {
  const was = deployed?.console === undefined ? undefined : hostOf(deployed.console);
  const { people, console: site, locate } = environment.broker ?? {};
  const is = people === undefined ? undefined : site?.domain;
  // Nobody can register a passkey at the address of an API.
  if (was === undefined || was === hostOf(deployed?.url ?? '') || was === is?.toLowerCase()) return [];
  if (locate === undefined) return [];
  return [
    {
      id: ID,
      severity: 'warning',
      ...(people === undefined ? removed(environment.name, was) : moved(environment.name, was, is)),
      at: locate(people === undefined ? ['people'] : ['console', 'domain']),
      environment: environment.name,
      page: PAGE,
    },
  ];
}

function moved(environment: string, was: string, is: string | undefined): Pick<Finding, 'message' | 'hint'> {
  const where = is === undefined ? 'the address of its API' : `\`${is}\``;
  return {
    message: `The console of \`${environment}\` moves from \`${was}\` to ${where}, where no passkey works.`,
    hint: `Keep \`${was}\`, or plan that everybody enrols again, beginning with a new root.`,
  };
}

/** Without people who sign in, a broker has no console. */
function removed(environment: string, was: string): Pick<Finding, 'message' | 'hint'> {
  return {
    message: `The console of \`${environment}\` at \`${was}\` is removed, because the broker has no \`people\`. Passkeys work only at the console.`,
    hint: 'Keep `people`, or plan that approvers use MFA codes from the command line.',
  };
}

/** Whether a manifest is that of the stack of an environment. */
function isOf({ project, name, account }: Environment, manifest: Manifest): boolean {
  return manifest.project === project && manifest.environment === name && manifest.account === account;
}

function readable(file: string): Manifest | undefined {
  try {
    return readManifest(file);
  } catch {
    return undefined;
  }
}

function unreadable(file: string): Finding {
  return {
    id: ID,
    severity: 'warning',
    message: `\`${file}\` is no manifest that can be read, so nobody checked whether the console of a broker moves.`,
    hint: "Write the stack's `leasehold` output to the file, or remove the file.",
    at: { file, line: 1, column: 1, endLine: 1, endColumn: 1 },
    page: PAGE,
  };
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).hostname : undefined;
}
