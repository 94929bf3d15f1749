/** A validated request that a person approves with a code. The agent then opens the lease with its own STS call. */
import { defined } from '@leasehold/contract/defined';
import type { Permission } from '../approval';
import { invalidRequest } from '../errors';
import type { LeaseRequest } from '../lease-client';
import type { Manifest } from '../manifest';
import { narrowed, sessionPolicy } from '../narrowing';
import { permissionsOf } from '../permissions';
import { checkDuration } from './duration';
import { checkParameters } from './parameters';
import { checkReason } from './reason';
import type { Asker, NamedRole } from './requester';

/**
 * Minimum duration of an AssumeRole session in seconds:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const SHORTEST = 900;
const LONGEST = 43_200;

/** A validated request for gate `mfa`. */
export interface AskedByCode {
  readonly gate: 'mfa';
  readonly role: NamedRole;
  readonly agent: Asker;
  readonly sourceIdentity: string;
  readonly approvers: readonly string[];
  readonly reason: string;
  /** The command that will run with the lease, as stated by the agent. */
  readonly command?: readonly string[];
  readonly parameters: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly durationSeconds: number;
  /** The session policy, if the request narrows the role. */
  readonly policy?: string;
  /** A key that is the same for identical requests. */
  readonly identity: string;
}

/** @throws LeaseError */
export function askedByCode(manifest: Manifest, agent: Asker, role: NamedRole, request: LeaseRequest): AskedByCode {
  const { name, entry } = role;
  const { sourceIdentity, approvers } = opener(role, agent);
  if (request.subjectToken !== undefined) {
    throw invalidRequest(
      `${name} opens with a code, and then nothing verifies on whose behalf it is requested`,
      'Request the role from the broker, or omit `subjectToken`.',
    );
  }
  const bound = Object.entries(entry.parameters).find(([, { from }]) => from !== undefined);
  if (bound !== undefined) {
    const [parameter, { from }] = bound;
    throw invalidRequest(
      `the parameter ${parameter} comes from ${from}, which only the broker can verify`,
      'Ask by the gate broker.',
    );
  }
  const command = checkCommand(request.command);
  const reason = checkReason(request.reason, name, manifest.session.reasonMinimum);
  const parameters = checkParameters(request.parameters, entry.parameters);
  const allowed = permissionsOf(entry, parameters);
  const permissions = narrowed(allowed, request.narrow);
  const durationSeconds = checkDuration(request.duration ?? entry.lease.defaultSeconds, SHORTEST, longestOf(role));
  const policy = permissions === allowed ? undefined : sessionPolicy(permissions);
  return {
    gate: 'mfa',
    role,
    agent,
    sourceIdentity,
    approvers,
    reason,
    ...defined({ command }),
    parameters,
    permissions,
    durationSeconds,
    ...defined({ policy }),
    identity: JSON.stringify([
      'mfa',
      name,
      reason,
      Object.entries(parameters).sort(),
      durationSeconds,
      policy ?? null,
      command ?? null,
    ]),
  };
}

/** @throws LeaseError */
export function checkCommand(command: readonly string[] | undefined): readonly string[] | undefined {
  if (command === undefined) return undefined;
  if (Array.isArray(command) && command.length > 0 && command.every((word) => typeof word === 'string')) {
    return Object.freeze([...command]);
  }
  throw invalidRequest(
    'the command is not a list of strings',
    'Pass the program and its arguments, or omit the command.',
  );
}

function longestOf({ entry }: NamedRole): number {
  return Math.min(entry.lease.maxSeconds, LONGEST);
}

/** The values from the manifest that the agent needs to assume the role without the broker. */
function opener({ name, entry: role }: NamedRole, { name: agent, entry }: Asker) {
  const { sourceIdentity } = entry;
  const approvers = Object.keys(entry.mfaDevices);
  if (!role.agents.includes(agent)) {
    throw invalidRequest(
      `the agent ${agent} may not ask for ${name}`,
      'Request a role that the agent may request. Only the maintainers of the definitions can permit another role.',
    );
  }
  if (sourceIdentity === undefined) {
    throw invalidRequest(
      `the agent ${agent} is a workload (${entry.identity}), which cannot present a code`,
      'Request the role from the broker, or change the identity of the agent to iam-user.',
    );
  }
  if (approvers.length === 0) {
    throw invalidRequest(
      `nobody can approve for the agent ${agent}`,
      'List approvers in the project definition, and enrol their MFA devices.',
    );
  }
  return { sourceIdentity, approvers };
}
