/** The client of a program that needs one only. */
import type { ApprovalChannel } from '../approval';
import { invalidRequest } from '../errors';
import type { LeaseClient, LeaseClientOptions } from '../lease-client';
import { createLeaseClient } from './create-lease-client';

let configured: Partial<LeaseClientOptions> = {};
let client: LeaseClient | undefined;

/** Configures the default client; what is left out comes from the environment. */
export function configure(options: Partial<LeaseClientOptions>): void {
  configured = { ...options };
  client = undefined;
}

/** The default client, made when it is first needed. @throws LeaseError `invalid-request` when no manifest is configured */
export function defaultClient(): LeaseClient {
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
