/** A request that was checked: nothing in it is refused by STS for its form, and a human may be asked. */
import type { Permission } from '../approval';
import { invalidManifest, invalidRequest, type LeaseError } from '../errors';
import type { LeaseRequest } from '../lease-client';
import type { AgentEntry, Manifest, RoleEntry } from '../manifest';
import { narrowed, sessionPolicy } from '../narrowing';
import { permissionsOf } from '../permissions';
import { clipped } from '../visible';
import { checkParameters } from './parameters';
import { checkReason } from './reason';

/** Seconds of AssumeRole: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
const SHORTEST = 900;
const LONGEST = 43_200;

/** Who asks: an agent of the manifest. */
export interface Asker {
  readonly name: string;
  readonly entry: AgentEntry;
}

/** A request in order. */
export interface Asked {
  readonly name: string;
  readonly role: RoleEntry;
  readonly agent: Asker;
  readonly sourceIdentity: string;
  readonly approvers: readonly string[];
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly permissions: readonly Permission[];
  readonly durationSeconds: number;
  /** The session policy, when the request narrows. */
  readonly policy?: string;
}

/** The agent of a manifest. @throws LeaseError `invalid-manifest` */
export function chooseAgent(manifest: Manifest, name: string | undefined): Asker {
  const names = Object.keys(manifest.agents);
  const [only, ...others] = names;
  const chosen = name ?? (others.length === 0 ? only : undefined);
  const entry = chosen !== undefined && Object.hasOwn(manifest.agents, chosen) ? manifest.agents[chosen] : undefined;
  if (chosen !== undefined && entry !== undefined) return { name: chosen, entry };
  const known = names.length === 0 ? 'has no agent' : `has the agents ${names.join(', ')}`;
  throw invalidManifest(
    name === undefined ? `the manifest ${known}` : `the manifest has no agent ${clipped(name, 100)}; it ${known}`,
    'Say with `agent`, or LEASEHOLD_AGENT, which of them asks.',
  );
}

/** Checks everything that STS or the role's trust policy would refuse. @throws LeaseError */
export function check(manifest: Manifest, agent: Asker, name: string, request: LeaseRequest): Asked {
  if (typeof request !== 'object' || request === null) {
    throw invalidRequest('the request is missing', 'Give a reason: lease(role, { reason }).');
  }
  const role = roleNamed(manifest, name);
  const { sourceIdentity, approvers } = opener(role, name, agent);
  const reason = checkReason(request.reason, name, manifest.session.reasonMinimum);
  const parameters = checkParameters(request.parameters, role.parameters);
  const allowed = permissionsOf(role, parameters);
  const permissions = narrowed(allowed, request.narrow);
  return {
    name,
    role,
    agent,
    sourceIdentity,
    approvers,
    reason,
    parameters,
    permissions,
    durationSeconds: checkDuration(request.duration, role),
    ...(permissions === allowed ? {} : { policy: sessionPolicy(permissions) }),
  };
}

/** What makes two requests the same. */
export function identityOf({ name, reason, parameters, durationSeconds, policy }: Asked): string {
  return JSON.stringify([name, reason, Object.entries(parameters).sort(), durationSeconds, policy ?? null]);
}

function roleNamed(manifest: Manifest, name: string): RoleEntry {
  const role = Object.hasOwn(manifest.roles, name) ? manifest.roles[name] : undefined;
  if (role !== undefined) return role;
  throw invalidManifest(
    `the stack ${manifest.stack} has no role ${clipped(String(name), 100)}`,
    `Ask for one of ${Object.keys(manifest.roles).join(', ')}.`,
  );
}

/** What the agent needs to open the role itself. */
function opener(role: RoleEntry, name: string, { name: agent, entry }: Asker) {
  const { sourceIdentity } = entry;
  const approvers = Object.keys(entry.mfaDevices);
  if (!role.agents.includes(agent)) {
    throw invalidRequest(`the agent ${agent} may not ask for ${name}`, 'Name the agent in the role, and apply it.');
  }
  if (!role.gates.includes('mfa')) {
    throw invalidRequest(`${name} opens by the gate ${role.gates.join(', ')}, not by mfa`, 'Ask the broker for it.');
  }
  if (sourceIdentity === undefined) {
    throw invalidRequest(
      `the agent ${agent} is a workload (${entry.identity}), which cannot present a code`,
      'Ask the broker for the role, or make the agent an iam-user.',
    );
  }
  if (approvers.length === 0) {
    throw invalidRequest(`nobody can approve for the agent ${agent}`, 'Name approvers in the project, and enrol them.');
  }
  return { sourceIdentity, approvers };
}

function checkDuration(given: number | undefined, role: RoleEntry): number {
  const longest = Math.min(role.lease.maxSeconds, LONGEST);
  const seconds = given ?? role.lease.defaultSeconds;
  if (Number.isSafeInteger(seconds) && seconds >= SHORTEST && seconds <= longest) return seconds;
  throw duration(seconds, longest);
}

function duration(seconds: unknown, longest: number): LeaseError {
  return invalidRequest(
    `the duration is ${String(seconds)}, and a lease of this role takes whole seconds from ${SHORTEST} to ${longest}`,
    `Ask for at most ${longest} seconds; for less than ${SHORTEST}, attenuate the lease.`,
  );
}
