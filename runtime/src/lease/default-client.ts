/** The default client, for a program that needs only one client. */
import { defined } from '@leasehold/contract/defined';
import type { ApprovalChannel } from '../approval';
import { channelNamed } from '../channels/named-channel';
import { invalidRequest } from '../errors';
import type { LeaseClient, LeaseClientOptions } from '../lease-client';
import { secondsOf } from '../seconds';
import { createLeaseClient } from './create-lease-client';

let configured: Partial<LeaseClientOptions> = {};
let client: LeaseClient | undefined;

/** Configures the default client. Omitted options are read from the environment. */
export function configure(options: Partial<LeaseClientOptions>): void {
  configured = { ...options };
  client = undefined;
}

/**
 * The default client. It is created when it is first needed.
 * @throws LeaseError `invalid-request` if no manifest is configured
 */
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
  const within = options.answerWithin ?? answerWithin(env.LEASEHOLD_ANSWER_WITHIN);
  return {
    ...options,
    manifest,
    approval: options.approval ?? channel(env),
    ...defined({ agent, answerWithin: within }),
  };
}

/** Rejects an unknown variable name. If the name were ignored, another channel would be selected silently. */
function channel(env: NodeJS.ProcessEnv): ApprovalChannel {
  if (env.LEASEHOLD_APPROVAL_COMMAND) {
    throw invalidRequest(
      'LEASEHOLD_APPROVAL_COMMAND is not read any more',
      'Set LEASEHOLD_APPROVE to the prefix command: followed by the value of the old variable, and unset the old variable.',
    );
  }
  return channelNamed(env.LEASEHOLD_APPROVE || 'terminal');
}

function answerWithin(text: string | undefined): number | undefined {
  if (!text) return undefined;
  const seconds = secondsOf(text);
  if (seconds !== undefined) return seconds;
  throw invalidRequest('LEASEHOLD_ANSWER_WITHIN is not a duration', 'Write it as 300, 300s or 5m.');
}
