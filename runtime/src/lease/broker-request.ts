/** A validated request for the broker: by role, or by intent. */

import { createHash } from 'node:crypto';
import type { RequestBody } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { COMPACT_JWT, SHORTEST_REASON } from '@leasehold/contract/request-rules';
import { clipped, LONGEST_COMMAND } from '@leasehold/contract/text';
import { invalidRequest } from '../errors';
import type { IntentOptions, LeaseRequest } from '../lease-client';
import type { Manifest } from '../manifest';
import { commandText } from '../marked-text';
import { narrowed } from '../narrowing';
import { permissionsOf } from '../permissions';
import { checkCommand } from './code-request';
import { checkDuration } from './duration';
import { checkParameters } from './parameters';
import { checkReason } from './reason';
import type { Asker, NamedRole } from './requester';

/**
 * Maximum duration in seconds of a role session that is created by role chaining:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 */
const LONGEST = 3600;

/** A validated request for gate `broker`. */
export interface AskedOfBroker {
  readonly gate: 'broker';
  /** The request body. */
  readonly body: RequestBody;
  /** A key that is the same for identical requests. It contains no token. */
  readonly identity: string;
  /** The lease that was already requested with this body and only needs to be collected. */
  readonly lease?: string;
}

/** @throws LeaseError */
export function askedOfBroker(
  manifest: Manifest,
  agent: Asker | undefined,
  role: NamedRole,
  request: LeaseRequest,
): AskedOfBroker {
  const { name, entry } = role;
  const eligible = entry.broker?.eligible.agents ?? entry.agents;
  if (agent !== undefined && !eligible.includes(agent.name)) {
    throw invalidRequest(
      `the agent ${agent.name} may not ask for ${name}`,
      'Request a role that the agent may request. Only the maintainers of the definitions can permit another role.',
    );
  }
  if (request.lease !== undefined) onlyWhatIsCompared(request);
  const reason = checkReason(request.reason, name, leastOf(manifest));
  const parameters = freeParameters(role, request);
  const longest = Math.min(entry.lease.maxSeconds, LONGEST);
  const actions = actionsOf(role, parameters, request);
  const { lease } = request;
  const { identity, ...rest } = asked({
    role: name,
    ...(Object.keys(parameters).length === 0 ? {} : { parameters: { ...parameters } }),
    ...defined({ actions: actions && [...actions] }),
    ...(request.duration === undefined ? {} : { seconds: checkDuration(request.duration, 1, longest) }),
    reason,
    ...commandOf(request),
    ...tokenOf(request),
  });
  return lease === undefined ? { identity, ...rest } : { ...rest, lease, identity: JSON.stringify([identity, lease]) };
}

/**
 * Refuses fields that have no effect on a lease that was already requested: its permissions and its command are those
 * of the earlier request.
 */
function onlyWhatIsCompared(request: LeaseRequest): void {
  for (const field of ['narrow', 'command'] as const) {
    if (request[field] === undefined) continue;
    throw invalidRequest(
      `\`${field}\` cannot change the lease ${clipped(String(request.lease), 100)}, which was requested before`,
      field === 'narrow'
        ? 'Leave `narrow` out, and attenuate the lease after you have received it.'
        : `Leave \`${field}\` out.`,
    );
  }
}

/** @throws LeaseError */
export function askedByIntent(
  manifest: Manifest,
  intent: string,
  options: IntentOptions,
  hasBroker: boolean,
): AskedOfBroker {
  if (!hasBroker) {
    throw invalidRequest(
      'the stack has no broker, and only a broker can find a role for an intent',
      'Ask for a role by its name.',
    );
  }
  return asked({ intent: checkReason(intent, '', leastOf(manifest)), ...tokenOf(options) });
}

function leastOf({ session }: Manifest): number {
  return Math.max(session.reasonMinimum, SHORTEST_REASON);
}

/**
 * Values of the parameters that are not bound to a verified identity. Throws if other parameters are bound to an
 * identity and the identity is missing.
 */
function freeParameters({ name: role, entry }: NamedRole, { parameters, subjectToken }: LeaseRequest) {
  const declared = Object.entries(entry.parameters);
  for (const [name, { from }] of declared) {
    if (from === undefined) continue;
    if (parameters !== undefined && Object.hasOwn(Object(parameters), name)) {
      throw invalidRequest(`the parameter ${name} comes from ${from} and cannot be chosen`, `Leave \`${name}\` out.`);
    }
    if (subjectToken === undefined && from.startsWith('subject.')) {
      throw invalidRequest(
        `the parameter ${name} of ${role} comes from ${from}, and the request names no user on whose behalf it is made`,
        "Pass the signed-in user's token along as `subjectToken`.",
      );
    }
  }
  return checkParameters(parameters, Object.fromEntries(declared.filter(([, { from }]) => from === undefined)));
}

/** The selected actions. The role must allow each action. */
function actionsOf(
  { entry }: NamedRole,
  parameters: Readonly<Record<string, string>>,
  { narrow }: LeaseRequest,
): readonly string[] | undefined {
  if (narrow?.resources !== undefined) {
    throw invalidRequest(
      'the request lists resources, which requests to the broker cannot do',
      'List only actions in the request. After you have received the lease, attenuate the lease to the resources that you need.',
    );
  }
  if (narrow?.actions === undefined) return undefined;
  narrowed(permissionsOf(entry, parameters), narrow);
  return [...new Set(narrow.actions)];
}

/**
 * The command in the form that the approver reads. If it is too long, the end of the command is omitted, and the number
 * of omitted characters is shown.
 */
function commandOf({ command }: LeaseRequest): { readonly command?: string } {
  const words = checkCommand(command);
  return words === undefined ? {} : { command: clipped(commandText(words), LONGEST_COMMAND - COUNTED) };
}

/** Number of characters reserved for the note about omitted characters. */
const COUNTED = 40;

function tokenOf({ subjectToken }: IntentOptions): { readonly subjectToken?: string } {
  if (subjectToken === undefined) return {};
  if (typeof subjectToken === 'string' && COMPACT_JWT.test(subjectToken)) return { subjectToken };
  throw invalidRequest(
    'the token of the user is not a JWT',
    'Pass the token unchanged. A token has three parts that are separated by dots.',
  );
}

function asked(body: RequestBody): AskedOfBroker {
  const { subjectToken, ...rest } = body;
  const parameters = 'parameters' in rest ? Object.entries(rest.parameters ?? {}).sort() : [];
  const token = subjectToken === undefined ? null : createHash('sha256').update(subjectToken).digest('hex');
  return { gate: 'broker', body, identity: JSON.stringify(['broker', { ...rest, parameters }, token]) };
}
