/** `lease` and `withLease` for a program that needs one client only. */
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import type { Lease, LeaseClient, LeaseClientOptions, LeaseRequest } from '../lease-client';
import { createLeaseClient } from './create-lease-client';

let configured: Partial<LeaseClientOptions> = {};
let client: LeaseClient | undefined;

/**
 * Configures {@link lease} and {@link withLease}. What is left out comes from the environment: `LEASEHOLD_MANIFEST` (the
 * path of the stack's `leasehold` output), `LEASEHOLD_AGENT` (the agent's name), `LEASEHOLD_ANSWER_WITHIN` (seconds), and
 * `LEASEHOLD_APPROVAL_COMMAND` (a JSON list: a program that prints a code, and its arguments; see
 * `@leasehold/runtime/command`), without which the approval channel is the terminal. A later call replaces an earlier
 * one; leases that were opened stay.
 * @example
 * configure({ manifest: 'leasehold.json', approval: slack({ … }) });
 * @public
 */
export function configure(options: Partial<LeaseClientOptions>): void {
  configured = { ...options };
  client = undefined;
}

/**
 * Opens a role with the default client.
 * @throws LeaseError every code but `expired` and `environment-not-clean`; `invalid-request` also when no manifest is
 * configured
 * @example
 * const { credentials } = await lease('s3-deploy', {
 *   reason: 'Upload release 1.4.2 to the deploy bucket',
 *   parameters: { release: '1.4.2' },
 * });
 * const s3 = new S3Client({ region: 'ap-northeast-2', credentials });
 * @public
 */
export async function lease(role: string, request: LeaseRequest): Promise<Lease> {
  return defaultClient().lease(role, request);
}

/**
 * Opens a role with the default client for as long as `work` runs; the lease is forgotten afterwards.
 * @throws LeaseError as {@link lease} does, and what `work` throws
 * @example
 * await withLease('s3-deploy', { reason, parameters: { release: '1.4.2' } }, async ({ credentials }) => {
 *   await new S3Client({ region: 'ap-northeast-2', credentials }).send(upload);
 * });
 * @public
 */
export async function withLease<T>(
  role: string,
  request: LeaseRequest,
  work: (lease: Lease) => Promise<T>,
): Promise<T> {
  return defaultClient().withLease(role, request, work);
}

function defaultClient(): LeaseClient {
  client ??= createLeaseClient(withEnvironment(configured, process.env));
  return client;
}

function withEnvironment(options: Partial<LeaseClientOptions>, env: NodeJS.ProcessEnv): LeaseClientOptions {
  const manifest = options.manifest ?? env.LEASEHOLD_MANIFEST;
  if (manifest === undefined || manifest === '') {
    throw invalidRequest(
      'no manifest is configured',
      'Call configure({ manifest }), or name the file of the `leasehold` output in LEASEHOLD_MANIFEST.',
    );
  }
  const agent = options.agent ?? (env.LEASEHOLD_AGENT || undefined);
  const answerWithin =
    options.answerWithin ?? (env.LEASEHOLD_ANSWER_WITHIN ? Number(env.LEASEHOLD_ANSWER_WITHIN) : undefined);
  return {
    ...options,
    manifest,
    approval: options.approval ?? channel(env.LEASEHOLD_APPROVAL_COMMAND),
    ...(agent === undefined ? {} : { agent }),
    ...(answerWithin === undefined ? {} : { answerWithin }),
  };
}

/** Loaded only when it is needed. */
function channel(argv: string | undefined): ApprovalChannel {
  if (argv) {
    const { command }: typeof import('../channels/command') = require('../channels/command');
    return command({ argv: listOf(argv) });
  }
  const { terminal }: typeof import('../channels/terminal') = require('../channels/terminal');
  return terminal();
}

function listOf(json: string): [string, ...string[]] {
  try {
    const [program, ...rest]: unknown[] = JSON.parse(json);
    const args = rest.filter((argument) => typeof argument === 'string');
    if (typeof program === 'string' && args.length === rest.length) return [program, ...args];
  } catch {
    // Said below.
  }
  throw invalidRequest(
    'LEASEHOLD_APPROVAL_COMMAND is no list of texts',
    'Write it as JSON, for example ["zenity", "--password"].',
  );
}
