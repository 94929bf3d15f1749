/** The functions of the package. Each loads what it needs when it is first called, so that the import costs little. */
import type { ApprovalRequest, Permission } from './approval';
import type { OwnCredentials } from './environment/own-credentials';
import type { IntentOptions, Lease, LeaseClient, LeaseClientOptions, LeaseRequest } from './lease-client';
import type { Manifest, RoleEntry } from './manifest';
import type { AgentText } from './marked-text';

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
 * Opens whichever role fits an intent, with the default client: the broker's reviewer picks role, actions and parameters
 * out of what this agent is eligible for.
 * @throws LeaseError as {@link lease} does; `invalid-request` where the stack has no broker
 * @example
 * const { credentials, grant } = await leaseFor('Show customer 4711 the transactions of last month', { subjectToken });
 * @public
 */
export async function leaseFor(intent: string, options?: IntentOptions): Promise<Lease> {
  return defaultClient().leaseFor(intent, options);
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

/**
 * Configures {@link lease} and {@link withLease}. What is left out comes from the environment: `LEASEHOLD_MANIFEST` (the
 * path of the stack's `leasehold` output), `LEASEHOLD_AGENT` (the agent's name), `LEASEHOLD_ANSWER_WITHIN` (for example `5m`),
 * `LEASEHOLD_BROKER_URL` (a broker elsewhere than the manifest says, for example on this laptop), and
 * `LEASEHOLD_APPROVE` (how a human is asked: `terminal`, which is the default, `socket`, or `command:` and a program that
 * prints a code; the command line reads the same). A later call replaces an earlier
 * one; leases that were opened stay.
 * @example
 * configure({ manifest: 'leasehold.json', approval: slack({ … }) });
 * @public
 */
export function configure(options: Partial<LeaseClientOptions>): void {
  const { configure: by }: typeof import('./lease/default-client') = require('./lease/default-client');
  by(options);
}

/**
 * Makes a client that leases the roles of one environment as one agent. Nothing is asked and no SDK is loaded before the
 * first lease.
 * @throws LeaseError `invalid-manifest`, `invalid-request` for an option that cannot be
 * @example
 * import { createLeaseClient } from '@leasehold/runtime';
 * import { terminal } from '@leasehold/runtime/terminal';
 *
 * const client = createLeaseClient({ manifest: 'leasehold.json', approval: terminal() });
 * const deploy = await client.lease('s3-deploy', {
 *   reason: 'Upload release 1.4.2 to the deploy bucket',
 *   parameters: { release: '1.4.2' },
 * });
 * @public
 */
export function createLeaseClient(options: LeaseClientOptions): LeaseClient {
  const {
    createLeaseClient: by,
  }: typeof import('./lease/create-lease-client') = require('./lease/create-lease-client');
  return by(options);
}

/**
 * Reads a manifest: the path of a file, an object, or the text of `terraform output -json`, whole or of this one output.
 * A text that begins with `{` is taken as JSON, any other as a path.
 * @returns a copy that cannot be changed, without anything that the runtime does not know.
 * @throws LeaseError `invalid-manifest`, which names the place that is wrong and how to fix it.
 * @example
 * const manifest = readManifest('leasehold.json');             // terraform output -json leasehold > leasehold.json
 * const same = readManifest(execFileSync('terraform', ['output', '-json'], { encoding: 'utf8' }));
 * @public
 */
export function readManifest(input: string | object): Manifest {
  const { readManifest: by }: typeof import('./read-manifest') = require('./read-manifest');
  return by(input);
}

/**
 * Exactly what a lease of a role may do: its policy, with the parameters' values where they stand in it.
 * @param parameters Values that were checked against the role. A parameter without one stays as it is written.
 * @throws LeaseError `invalid-manifest` for a policy that cannot be shown in full, such as one with `NotAction`.
 * @example
 * permissionsOf(manifest.roles['s3-deploy'], { release: '1.4.2' });
 * // [{ effect: 'Allow', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::hermes-dev-deploy/1.4.2/*'], conditions: {} }]
 * @public
 */
export function permissionsOf(
  role: Pick<RoleEntry, 'arn' | 'policy'>,
  parameters: Readonly<Record<string, string>>,
): readonly Permission[] {
  const { permissionsOf: by }: typeof import('./permissions') = require('./permissions');
  return by(role, parameters);
}

/**
 * A request as plain lines: role, agent, parameters, permissions, times, approvers; and below these facts, every line of
 * it marked with `┃`, what the agent wrote. No line holds a control character, a line break, or another character that
 * would not be seen; markup of a channel (HTML, mrkdwn) is the channel's to escape. Never empty.
 * @param columns Width of the screen, so that no line is broken by the screen itself. @default unknown: a fact is one line,
 * and the agent's lines are short
 * @example
 * for (const line of approvalLines(request, process.stderr.columns)) process.stderr.write(`${line}\n`);
 * @public
 */
export function approvalLines(request: ApprovalRequest, columns?: number): readonly string[] {
  const { approvalLines: by }: typeof import('./approval-text') = require('./approval-text');
  return by(request, columns);
}

/**
 * What an agent wrote, each text below a heading that says so, as lines of which every one is marked: for a screen that
 * shows a request in a way of its own.
 * @param texts Each with its label, for example `Reason`.
 * @param columns Width of the screen. @default unknown: the lines are short
 * @example
 * agentLines([{ label: 'Reason', text: request.reason }], process.stdout.columns);
 * // ["Reason, in the agent's words:", '┃ Upload release 1.4.2 to the deploy bucket']
 * @public
 */
export function agentLines(texts: readonly AgentText[], columns?: number): readonly string[] {
  const { agentLines: by }: typeof import('./marked-text') = require('./marked-text');
  return by(texts, columns);
}

/**
 * Makes sure that no AWS credentials but the agent's own are within the process's reach: environment variables, profiles
 * of the shared files, caches of SSO, sign-in and the AWS CLI, endpoints of containers, and that of EC2 instances, which
 * is asked over the network and given a second. What cannot be read cannot be taken either, and is no complaint; a file
 * that can be read but not understood is one.
 *
 * Not looked at: other processes, other users' homes, and what a program keeps for itself.
 * @throws {@link EnvironmentNotClean} with every place that was found
 * @example
 * await assertCleanEnvironment({ own: { accessKeyId: process.env.AWS_ACCESS_KEY_ID ?? '' } });
 * @public
 */
export async function assertCleanEnvironment(options: { readonly own?: OwnCredentials } = {}): Promise<void> {
  const room: typeof import('./environment/assert-clean-environment') = require('./environment/assert-clean-environment');
  await room.assertCleanHere(options.own ?? {});
}

function defaultClient(): LeaseClient {
  const { defaultClient: by }: typeof import('./lease/default-client') = require('./lease/default-client');
  return by();
}
