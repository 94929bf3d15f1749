/**
 * An agent that uploads one release. It has a key that can do nothing but ask; what it may do comes from a lease.
 *
 * Environment: the agent's own key, LEASEHOLD_MANIFEST, and LEASEHOLD_APPROVE=command:PROGRAM where no human sits at the
 * terminal.
 */
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { configure, LeaseError, withLease } from '@leasehold/runtime';
import { command } from '@leasehold/runtime/command';

const [release = '1.4.2', bucket = 'hermes-dev-deploy'] = process.argv.slice(2);

async function main(): Promise<void> {
  const [program, ...args] = process.env.LEASEHOLD_APPROVE?.replace(/^command:/, '').split(' ') ?? [];
  if (program !== undefined) configure({ approval: command({ argv: [program, ...args] }) });

  const reason = `Upload the build of release ${release} to the deploy bucket, as ticket OPS-481 asks`;
  await withLease('s3-deploy', { reason, parameters: { release } }, async (lease) => {
    say(`lease ${lease.id} until ${lease.expiresAt.toISOString()}`);
    const upload = uploader(lease.credentials);
    say(`inside the release: ${await upload(`${release}/app.js`)}`);
    say(`outside of it: ${await upload('other-release/app.js')}`);
  });
}

/** Uploads a file, and says what AWS said. */
function uploader(credentials: () => Promise<{ accessKeyId: string; secretAccessKey: string }>) {
  const s3 = new S3Client({ credentials, forcePathStyle: true, maxAttempts: 1 });
  return async (Key: string): Promise<string> => {
    try {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'hello from a lease' }));
      return 'uploaded';
    } catch (error) {
      return error instanceof Error ? error.name : 'failed';
    }
  };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(error instanceof LeaseError ? `${error.code}: ${error.message}. ${error.hint}\n` : `${error}\n`);
  process.exitCode = 1;
});
