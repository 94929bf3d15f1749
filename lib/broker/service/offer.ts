/** Prepares a request for the decision: determines the lease id, the offered roles and the nearest scope. */

import { createHash } from 'node:crypto';
import type { Problem, RequestBody } from '@leasehold/contract';
import { defined } from '@leasehold/contract/defined';
import { nearest } from '@leasehold/definitions';
import { LEASE_ID_PREFIX, permitted } from '@leasehold/documents';
import type { Json } from '../canonical';
import type { Requester, RequestIdentity } from '../identity';
import { type BrokeredRole, isEligible, isOffered } from '../rules';
import type { Offer, RequestedScope } from '../verdict/validate';
import type { Deps } from './deps';

/**
 * The id for a new lease. The same requester gets the same id, and therefore the same lease, for the same idempotency
 * key.
 */
export function leaseId(requester: Requester, idempotencyKey: string | undefined, newId: () => string): string {
  if (idempotencyKey === undefined) return `${LEASE_ID_PREFIX}${newId()}`;
  const digest = createHash('sha256')
    .update(JSON.stringify([requester.key, idempotencyKey]))
    .digest();
  return `${LEASE_ID_PREFIX}${base32(digest)}`;
}

/** Encodes 130 bits of a digest as 26 letters and digits. */
export function base32(digest: Buffer): string {
  let bits = BigInt(`0x${digest.toString('hex')}`) >> BigInt(digest.length * 8 - 130);
  let text = '';
  for (let index = 0; index < 26; index += 1) {
    text = `${ALPHABET[Number(bits & 31n)]}${text}`;
    bits >>= 5n;
  }
  return text;
}

/** Crockford's alphabet, without letters that look like digits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** The recorded part of a request: all fields except the token. */
export function recorded(body: RequestBody): Readonly<Record<string, Json>> {
  const { subjectToken: _, ...asked } = body;
  return asked as unknown as Readonly<Record<string, Json>>;
}

/**
 * The offer for a request. If the reviewer is turned off for a role, the role cannot be requested by intent, because no
 * reviewer would select the role. Roles for single calls cannot be requested by intent either.
 */
export function offerOf(lease: string, who: RequestIdentity, body: RequestBody, { roles }: Pick<Deps, 'roles'>): Offer {
  const eligible = roles.filter((role) => isEligible(role, who.requester));
  return {
    lease,
    ...who,
    reason: 'intent' in body ? body.intent : body.reason,
    ...defined({ command: 'intent' in body ? undefined : body.command }),
    asked: scopeAskedFor(body),
    roles: 'intent' in body ? eligible.filter((role) => role.reviewer !== 'off' && isOffered(role)) : eligible,
  };
}

/** Of the scopes that the requester could get, the one closest to the request. */
export function nearestScope({ asked, roles }: Offer): Problem['nearest'] {
  const named = asked.by === 'role' ? roles.find(({ role }) => role.name === asked.role) : undefined;
  const offered = roles.filter(isOffered);
  const alike =
    asked.by === 'role'
      ? nearest(
          asked.role,
          offered.map(({ role }) => role.name),
        )
      : undefined;
  const brokered =
    named ?? offered.find(({ role }) => role.name === alike) ?? (offered.length === 1 ? offered[0] : undefined);
  return brokered && scopeOf(brokered);
}

function scopeOf({ role, bindings }: BrokeredRole): NonNullable<Problem['nearest']> {
  return {
    role: role.name,
    actions: [...new Set(permitted(role).flatMap(({ actions }) => actions))].sort(),
    parameters: Object.fromEntries(
      role.parameters.map(({ name, pattern, values }) => [
        name,
        Object.hasOwn(bindings, name)
          ? `comes from ${bindings[name]}; omit it`
          : (pattern?.source ?? (values ?? []).join(', ')),
      ]),
    ),
    seconds: role.lease.maxSeconds,
  };
}

function scopeAskedFor(body: RequestBody): RequestedScope {
  if ('intent' in body) return { by: 'intent' };
  const { role, parameters = {}, seconds, actions } = body;
  return {
    by: 'role',
    role,
    parameters,
    ...defined({ seconds, actions }),
  };
}
