/**
 * `leasehold credential-process <role>`: provides the credentials of a lease to any AWS SDK. The lease is requested
 * once, and a background process of the same user keeps it.
 */
import type { Command } from 'commander';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { heldLease } from '../held-lease';
import { explainHelp } from '../help';
import {
  type ClientFlags,
  clientOptions,
  gateOptions,
  leasing,
  openRequester,
  type RequestFlags,
  requestOptions,
} from '../leasing';
import { type IdentityFlags, identityOption } from '../login/identity';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options extends ClientFlags, RequestFlags, Pick<IdentityFlags, 'identity'> {}

/**
 * This variable is set while the command looks for the agent's own key. Prevents endless recursion if the key's profile
 * runs this command again.
 */
const INSIDE = 'LEASEHOLD_INSIDE_CREDENTIAL_PROCESS';

export function credentialProcess(command: Command, shell: Shell): void {
  command
    .description(
      'Prints the credentials of a lease in the format that AWS SDKs and the AWS CLI read from a ' +
        '`credential_process`. The human is asked once: the holder, a background process of the user, keeps the lease ' +
        'in memory, behind a socket that nobody else can open, and exits when its leases have ended. A denial is ' +
        'remembered for 15 minutes.',
    )
    .argument('<role>', 'the role');
  requestOptions(command);
  gateOptions(command);
  identityOption(clientOptions(command)).action(
    shell.ends((role: string, options: Options) => leasing(shell, (signal) => print(role, options, shell, signal))),
  );
  explainHelp(command, {
    examples: [
      [
        'leasehold credential-process s3-deploy --reason "Upload build 1.4.2 for OPS-481" --param release=1.4.2 --profile hermes-agent',
        'the command for credential_process in a profile of ~/.aws/config',
      ],
    ],
    exits: {
      0: 'the credentials are on stdout',
      1: 'there is no lease: it was denied or lapsed, or AWS cannot be reached',
    },
    details: PROFILE,
  });
}

const PROFILE = `In \`~/.aws/config\`:

\`\`\`ini
[profile deploy-1.4.2]
region = ap-northeast-2
credential_process = leasehold credential-process s3-deploy --reason "Upload build 1.4.2 for OPS-481" --param release=1.4.2 --manifest /srv/agent/leasehold.json --approve socket --profile hermes-agent
\`\`\`

[Any language](any-language.md) describes how the holder is protected.`;

async function print(role: string, options: Options, shell: Shell, signal: AbortSignal): Promise<ExitCode> {
  const { env } = shell.host;
  if (env[INSIDE] !== undefined) {
    throw new UsageError("the agent's own key is looked for in the very profile that asks for a lease", {
      hint: "Name the profile that holds the agent's own key: --profile NAME.",
    });
  }
  process.env[INSIDE] = '1';
  const requester = await openRequester(options, shell);
  const lease = await heldLease(requester, role, options, shell, signal);
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = await lease.credentials();
  shell.host.out(
    jsonText({
      Version: 1,
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration.toISOString(),
      AccountId: requester.client.manifest.account,
    }),
  );
  return EXIT.fine;
}
