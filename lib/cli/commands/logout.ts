/** `leasehold logout`: ends a login, and makes the issuer revoke its tokens. */
import { visible } from '@leasehold/contract/text';
import type { Command } from 'commander';
import { type BrokerFlags, demandBroker } from '../broker/broker-location';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import { leasing, tellRefusal } from '../leasing';
import type { Shell } from '../shell';
import { placeOptions } from './login';

type Options = Pick<BrokerFlags, 'manifest' | 'broker' | 'region'>;

export function logout(command: Command, shell: Shell): void {
  placeOptions(
    command.description(
      'Ends the login at a broker: revokes the refresh token at the issuer, and ends the process that keeps the ' +
        'tokens. Open leases remain open until they end.',
    ),
  ).action(shell.ends((options: Options) => leasing(shell, () => run(options, shell))));
  explainHelp(command, {
    examples: [['leasehold logout', 'sign out at the broker of leasehold.json']],
    exits: {
      0: 'nobody is signed in',
      1: 'the tokens are forgotten here, but the issuer did not confirm the revocation',
    },
  });
}

async function run(options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const { privateFolderPath } = require('@leasehold/serve/holder') as typeof import('@leasehold/serve/holder');
  const { endLogin } = require('@leasehold/serve/login') as typeof import('@leasehold/serve/login');
  const ended = await endLogin(demandBroker(options, shell).url, privateFolderPath(host.env));
  if (ended === undefined) {
    host.out('Nobody was signed in.\n');
    return EXIT.fine;
  }
  const name = visible(ended.name);
  if (ended.issuer === 'not-revoked') {
    const message = `${name} is signed out here, but the issuer did not confirm that the refresh token is revoked`;
    return tellRefusal({ code: 'unavailable', message, hint: "End the session on the issuer's own pages." }, shell);
  }
  if (ended.issuer === 'unsupported')
    host.err('note: the issuer offers no revocation; the tokens are forgotten here\n');
  host.out(`${name} is signed out.\n`);
  return EXIT.fine;
}
