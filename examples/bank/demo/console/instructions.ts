/** What `npm run demo:console` prints when it is ready. */
import { CODE_HOURS } from './people';

export interface Ready {
  /** Address of the console, without a slash at the end. */
  readonly console: string;
  readonly password: string;
  /** One-time codes by person. */
  readonly codes: Readonly<Record<string, string>>;
  /** The lease that waits for two approvals. */
  readonly waiting: string;
  /** Thumbprint of the first administrator's passkey. */
  readonly root: string;
  /** Address of the local replacement for AWS. */
  readonly endpoint: string;
  /** Path of the manifest, quoted for a shell. */
  readonly manifest: string;
}

export function instructions({ console, password, codes, waiting, root, endpoint, manifest }: Ready): string {
  const code = (person: string) => `${person.padEnd(6)}${codes[person] ?? ''}`;
  return `
The console: ${console}/
Password of every account: ${password}
One-time codes for the first passkey, valid for ${CODE_HOURS} hours:
  ${code('olga')}   approver
  ${code('ravi')}   approver
  ${code('ada')}   administrator

Two people approve a correction in the ledger of the bank's production:
1. Sign in as olga. Open Passkeys, and register a passkey with her code.
2. Open Approvals, then the lease ${waiting}, and approve it.
3. Do the same as ravi, in a private window or after you sign out.
4. Sign in as emil, who requested the lease. Its page shows the command that uses it. Run the command in another shell, after:
     export LEASEHOLD_MANIFEST=${manifest} AWS_ENDPOINT_URL=${endpoint}
     npx leasehold login
5. Export the record, and verify the signatures without the broker:
     npx leasehold audit ${waiting} --export > lease.json
     node examples/verify-audit/verify-audit.mjs lease.json ${root}

Ctrl-C stops the demo. Nothing is kept.
`;
}
