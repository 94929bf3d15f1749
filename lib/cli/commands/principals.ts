/**
 * `leasehold principals [name]`: lists the principals that request leases, with each principal's free-text policy for
 * the reviewer.
 */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import type { PrincipalView } from '@leasehold/runtime/broker';
import type { Command } from 'commander';
import { speaking } from '../broker/broker-calls';
import { type BrokerFlags, brokerOptions, demandBroker } from '../broker/broker-location';
import { type OpenBroker, openBroker } from '../broker/open';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { jsonText } from '../render/json';
import { renderPrincipal, renderPrincipals } from '../render/principals';
import type { Shell } from '../shell';

interface Options extends BrokerFlags {
  readonly policyFile?: string;
  readonly groups?: string;
  readonly json?: boolean;
}

/** Version of the JSON format. */
const VERSION = 1;

export function principals(command: Command, shell: Shell): void {
  command
    .description(
      'Lists the principals of the broker (agents and people), shows a principal with its policy, or replaces its policy and ' +
        'groups, provided that nobody else has changed them in the meantime. Only administrators, who sign in with ' +
        'MFA, can use this command. A group permits its members to request roles, so adding somebody to a group is recorded and ' +
        'raises an alert, and the command lists the roles that this person can then request.',
    )
    .argument('[name]', 'an agent or a person; without one, all are listed')
    .option('--policy-file <file>', 'the new policy: free text that the reviewer reads')
    .option('--groups <names>', 'the new groups of a person, separated by commas; "" for none')
    .option('--json', 'as JSON');
  brokerOptions(command).action(
    shell.ends((name: string | undefined, options: Options) =>
      speaking(shell, (signal) => work(name, options, shell, signal)),
    ),
  );
  explainHelp(command, {
    examples: [
      ['leasehold principals', 'list everybody'],
      ['leasehold principals alice', 'show one principal, with the policy'],
      ['leasehold principals alice --policy-file alice.txt --groups ops,support', 'replace policy and groups'],
    ],
    exits: {
      0: 'the principal is shown, or stored',
      1: 'somebody else has changed it in the meantime, or AWS or the broker refused the call',
    },
  });
}

async function work(name: string | undefined, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { host, out } = shell;
  const place = demandBroker(options, shell);
  const change = changeOf(name, options, shell);
  const broker = await openBroker(options, ['administrator'], shell, signal, place);
  if (name === undefined) {
    const { principals: all } = await broker.client.principals({ signal });
    host.out(
      options.json ? jsonText({ version: VERSION, principals: all }) : renderPrincipals(all, out, host.outColumns),
    );
    return EXIT.fine;
  }
  const found = await broker.client.principal(name, { signal });
  const shown = change === undefined ? found : await put(broker, found, change, signal);
  host.out(
    options.json ? jsonText({ version: VERSION, principals: [shown] }) : renderPrincipal(shown, out, host.outColumns),
  );
  if (change !== undefined) host.err(`note: stored as version ${shown.version}, over version ${found.version}\n`);
  const { opens = [] } = shown;
  if (opens.length > 0) host.err(`warning: ${visible(shown.name)} may now ask for ${visible(opens.join(', '))}\n`);
  return EXIT.fine;
}

interface Change {
  readonly policy?: string;
  readonly groups?: readonly string[];
}

function put(
  { client }: OpenBroker,
  found: PrincipalView,
  change: Change,
  signal: AbortSignal,
): Promise<PrincipalView> {
  const { policy = found.policy, groups = found.groups } = change;
  return client.putPrincipal(found.name, { policy, groups: [...groups], version: found.version }, { signal });
}

/**
 * The requested change. It is validated before the person signs in.
 * @throws UsageError
 */
function changeOf(name: string | undefined, { policyFile, groups }: Options, { host }: Shell): Change | undefined {
  const { PRINCIPAL_NAME, principalBody } = require('@leasehold/contract') as typeof import('@leasehold/contract');
  if (name !== undefined && !PRINCIPAL_NAME.test(name)) {
    throw new UsageError(`"${name}" is not the name of a principal`, { hint: 'Take it from `leasehold principals`.' });
  }
  if (policyFile === undefined && groups === undefined) return undefined;
  if (name === undefined) {
    throw new UsageError('whom to change is not named', { hint: 'Name them: leasehold principals NAME …' });
  }
  const policy = policyFile === undefined ? undefined : readFileSync(resolve(host.cwd, policyFile), 'utf8').trimEnd();
  if (policy !== undefined && !principalBody.shape.policy.safeParse(policy).success) {
    throw new UsageError(`the policy in ${policyFile} is too long`, {
      expected: `at most 4,000 characters; it has ${policy.length}`,
      hint: 'Shorten the policy, because the reviewer reads the policy with every request.',
    });
  }
  const listed = groups
    ?.split(',')
    .map((group) => group.trim())
    .filter((group) => group !== '');
  if (listed !== undefined && !principalBody.shape.groups.safeParse(listed).success) {
    throw new UsageError(`--groups ${groups}: these are not group names`, {
      expected: 'names of lower-case letters, digits and -, separated by commas; 50 at most',
      hint: 'Name groups as the definitions do.',
    });
  }
  return defined({ policy, groups: listed });
}
