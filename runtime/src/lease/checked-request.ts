/** Validates a request before any person is asked. */

import { clipped } from '@leasehold/contract/text';
import { invalidManifest, invalidRequest } from '../errors';
import type { LeaseRequest } from '../lease-client';
import type { Manifest, RoleEntry } from '../manifest';
import { type AskedOfBroker, askedOfBroker } from './broker-request';
import { type AskedByCode, askedByCode } from './code-request';
import type { Asker, NamedRole } from './requester';

/** The key with which the proxy marks the request for a lease that it uses for one call. */
export const ONE_CALL: unique symbol = Symbol('one call');

/** A validated request, by its gate. */
export type CheckedRequest = AskedByCode | AskedOfBroker;

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
    'Set `agent`, or LEASEHOLD_AGENT, to the one that makes the request.',
  );
}

/**
 * Checks all conditions because of which STS, the role's trust policy or the broker would deny the request later.
 * @param agent Undefined for a person who signed in. The broker decides which roles are open to the person.
 * @param hasBroker Whether a broker is available.
 * @throws LeaseError
 */
export function check(
  manifest: Manifest,
  agent: Asker | undefined,
  name: string,
  request: LeaseRequest,
  hasBroker: boolean,
): CheckedRequest {
  if (typeof request !== 'object' || request === null) {
    throw invalidRequest('the request is missing', 'Pass a reason: lease(role, { reason }).');
  }
  const role = { name, entry: roleNamed(manifest, name) };
  if (role.entry.callOf !== undefined && !(ONE_CALL in request)) {
    throw invalidRequest(
      `${name} is for single calls during a lease of ${clipped(role.entry.callOf, 100)}, and only leasehold proxy requests it`,
      `Use \`leasehold proxy ${clipped(role.entry.callOf, 100)}\`, which asks a person for each of these calls.`,
    );
  }
  const gate = gateOf(role, request.gate, hasBroker);
  if (gate === 'broker') return askedOfBroker(manifest, agent, role, request);
  if (request.lease !== undefined) {
    throw invalidRequest(
      `a lease of ${name} with the gate mfa cannot be requested before`,
      'Leave `lease` out, or use the gate broker.',
    );
  }
  if (agent !== undefined) return askedByCode(manifest, agent, role, request);
  throw invalidRequest(
    `${name} is opened by an MFA code for an agent, and the request is by a person who signed in`,
    'Ask for a role that has the gate broker, and omit `gate`.',
  );
}

function roleNamed(manifest: Manifest, name: string): RoleEntry {
  const role = Object.hasOwn(manifest.roles, name) ? manifest.roles[name] : undefined;
  if (role !== undefined) return role;
  throw invalidManifest(
    `the stack ${manifest.stack} has no role ${clipped(String(name), 100)}`,
    `Ask for one of ${Object.keys(manifest.roles).join(', ')}.`,
  );
}

/**
 * The gate for a lease of a role: the requested gate, if the request contains a gate; otherwise `broker` if available,
 * because it enforces the duration; otherwise `mfa`.
 */
function gateOf({ name, entry }: NamedRole, asked: LeaseRequest['gate'], hasBroker: boolean): 'mfa' | 'broker' {
  const { gates } = entry;
  if (asked !== undefined && asked !== 'mfa' && asked !== 'broker') {
    throw invalidRequest(`the gate is ${clipped(String(asked), 100)}`, 'Use "mfa" or "broker", or omit it.');
  }
  const gate = asked ?? (gates.includes('broker') && (hasBroker || !gates.includes('mfa')) ? 'broker' : 'mfa');
  if (!gates.includes(gate)) {
    throw invalidRequest(`${name} has the gate ${gates.join(', ')}, not ${gate}`, 'Leave `gate` out.');
  }
  if (gate === 'mfa' || hasBroker) return gate;
  throw invalidRequest(
    `${name} has the gate broker, and the manifest contains no broker`,
    'Apply the stack with its broker, then write the manifest again, with the address of the broker: npx leasehold manifest --env ENVIRONMENT --broker-url URL > leasehold.json',
  );
}
