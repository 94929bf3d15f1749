/**
 * The functions of the package. Each function loads its code on the first call, so that importing the package is fast.
 */
import type { ApprovalRequest, Permission } from './approval';
import type { OwnCredentials } from './environment/own-credentials';
import type { IntentOptions, Lease, LeaseClient, LeaseClientOptions, LeaseRequest } from './lease-client';
import type { Manifest, RoleEntry } from './manifest';
import type { AgentText } from './marked-text';
import type { RoleTool, ToolOptions } from './tools-for';

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
 * Opens the role that fits an intent, with the default client. The broker's reviewer selects role, actions and
 * parameters from the roles for which this agent is eligible.
 * @throws LeaseError as {@link lease} does; `invalid-request` if the stack has no broker
 * @example
 * const { credentials, grant } = await leaseFor('Show customer 4711 the transactions of last month', { subjectToken });
 * @public
 */
export async function leaseFor(intent: string, options?: IntentOptions): Promise<Lease> {
  return defaultClient().leaseFor(intent, options);
}

/**
 * Opens a role with the default client while `work` runs, and then discards the lease.
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
 * Configures {@link lease} and {@link withLease}. Omitted options come from the environment: `LEASEHOLD_MANIFEST` (path
 * of the stack's `leasehold` output), `LEASEHOLD_AGENT` (the agent's name), `LEASEHOLD_ANSWER_WITHIN` (for example
 * `5m`), `LEASEHOLD_BROKER_URL` (a broker other than the manifest's, for example on this laptop), and
 * `LEASEHOLD_APPROVE` (the approval channel: `terminal`, which is the default, `socket`, or `command:` and a program
 * that prints a code; the command line uses the same syntax). A later call replaces an earlier one; open leases remain
 * open.
 * @example
 * configure({ manifest: 'leasehold.json', approval: slack({ … }) });
 * @public
 */
export function configure(options: Partial<LeaseClientOptions>): void {
  const { configure: by }: typeof import('./lease/default-client') = require('./lease/default-client');
  by(options);
}

/**
 * Creates a client that leases the roles of one environment for one agent. Does not send requests or load an SDK
 * before the first lease.
 * @throws LeaseError `invalid-manifest`, `invalid-request` for an invalid option
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
 * Reads a manifest: the path of a file, an object, or the text of `terraform output -json`, either all outputs or only
 * this one. A text that begins with `{` is parsed as JSON; any other text is a path.
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
 * The exact permissions of a role's lease: its policy with the parameter values filled in.
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
 * One tool definition for each role that an agent may request, for any framework: a name, a description and a JSON
 * Schema made from the role's parameters. The model fills in the schema, and the result is the request for a lease.
 * @throws LeaseError `invalid-manifest`, `invalid-request` for a role that the agent may not request
 * @example
 * const client = createLeaseClient({ manifest: 'leasehold.json', approval: terminal() });
 * for (const tool of toolsFor(client.manifest)) {
 *   agent.addTool(tool.name, tool.description, tool.inputSchema, (input) =>
 *     client.withLease(tool.role, tool.request(input), (lease) => upload(lease.credentials)),
 *   );
 * }
 * @public
 */
export function toolsFor(manifest: Manifest, options: ToolOptions = {}): readonly RoleTool[] {
  const { roleTools }: typeof import('./tools-for') = require('./tools-for');
  return roleTools(manifest, options);
}

/**
 * A request as plain lines. First the facts: role, agent, parameters, permissions, times and approvers. Below them is
 * what the agent wrote, each line marked with `┃`. No line contains a control character, a line break or another
 * invisible character. The channel must escape its own markup (HTML, mrkdwn). Never empty.
 * @param columns Width of the screen, so that no line is broken by the screen itself.
 * @default unknown: a fact is one line, and the agent's lines are short
 * @example
 * for (const line of approvalLines(request, process.stderr.columns)) process.stderr.write(`${line}\n`);
 * @public
 */
export function approvalLines(request: ApprovalRequest, columns?: number): readonly string[] {
  const { approvalLines: by }: typeof import('./approval-text') = require('./approval-text');
  return by(request, columns);
}

/**
 * The texts of an agent as marked lines, each text below a heading that names the agent as its author. For screens that
 * show a request in their own layout.
 * @param texts Each with its label, for example `Reason`.
 * @param columns Width of the screen.
 * @default unknown: the lines are short
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
 * Checks that the process can access no AWS credentials except the agent's own. Checks environment variables, profiles
 * of the shared files, caches of SSO, sign-in and the AWS CLI, container endpoints, and the endpoint of EC2 instances,
 * which is queried over the network. A file that cannot be read cannot be used either, and is not reported; a file that
 * can be read but not parsed is reported.
 *
 * Not checked: other processes, other users' home folders, and internal stores of programs.
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
