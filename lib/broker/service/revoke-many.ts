/** Revokes every lease of a role, of all roles or of a requester, and records who revokes what. */
import type { RevocationAnswer, RevocationList, RevokeManyBody } from '@leasehold/contract';
import type { RevocationScope } from '@leasehold/contract/administration';
import type { Consent } from '@leasehold/contract/consent';
import { defined } from '@leasehold/contract/defined';
import { administrationStatement, noAdministration, REVOCATIONS } from '../consent/administration';
import { demandSignature, readKeysOf } from '../consent/demand';
import { environmentKey } from '../consent/statement';
import type { BrokeredRole } from '../rules';
import { appendTo, pageOf, readAdministration } from './administration';
import { type Caller, callerText, requesterKey } from './caller';
import type { Deps } from './deps';
import { endRequester } from './end-requester';
import { endRoles } from './end-roles';
import { BrokerFault, isBrokenRecord } from './fault';

/**
 * Revokes every lease of a role or of all roles, and blocks new leases until the last revoked lease has expired; or
 * revokes every lease of a requester. Records first who revokes what. If this record cannot be written, the leases are
 * nevertheless revoked, and the error states that the revocation is not on record.
 * @throws {BrokerFault}
 */
export async function revokeMany(
  deps: Deps,
  caller: Caller,
  { because, consent, ...scope }: RevokeManyBody,
): Promise<RevocationAnswer> {
  const revoking = 'requester' in scope ? requesterKey(scope.requester, deps, OTHERS) : chosenRoles(deps, scope);
  const unrecorded = await recordRevocation(deps, caller, { scope, because }, consent);
  const answer =
    typeof revoking === 'string'
      ? await endRequester(deps, caller, revoking, because)
      : await endRoles(deps, caller, revoking, because);
  deps.telemetry.count('LeaseRevoked');
  if (unrecorded === undefined) return answer;
  const detail = 'AWS now denies calls that use the leases, but the broker could not record who revoked them.';
  throw isBrokenRecord(unrecorded)
    ? new BrokerFault('broken-record', detail, { hint: unrecorded.hint }, { cause: unrecorded })
    : new BrokerFault('unavailable', detail, { hint: RECORD_IT, retryAfter: 1 }, { cause: unrecorded });
}

const RECORD_IT = 'Tell the owner of the broker, and revoke the leases again to record who revoked them.';

type Scope = { readonly role: string } | { readonly all: true };

function chosenRoles({ roles }: Deps, scope: Scope): readonly BrokeredRole[] {
  const chosen = roles.filter(({ role }) => 'all' in scope || role.name === scope.role);
  if (chosen.length === 0) throw new BrokerFault('not-found', 'The broker has no such role.');
  return chosen;
}

/** The hint for a requester whom the definitions do not name. */
const OTHERS = 'Revoke the leases of this requester one by one, or revoke all leases of a role.';

const MOST_TRIES = 20;

/**
 * Verifies the signature, if there is one, and records who revokes what.
 * @returns the error if the event could not be recorded; such an error must not prevent the revocation
 * @throws {BrokerFault} for a signature that is not valid
 */
async function recordRevocation(
  deps: Deps,
  caller: Caller,
  { scope, because }: { readonly scope: RevocationScope; readonly because: string },
  consent: Consent | undefined,
): Promise<unknown> {
  const unsigned = { type: 'leases-revoked', by: callerText(caller), scope, because } as const;
  if (consent !== undefined) {
    const statement = administrationStatement(
      noAdministration(REVOCATIONS, environmentKey(deps.environment)),
      unsigned,
    );
    await demandSignature(deps, await readKeysOf(deps, caller.name), consent, statement);
  }
  const body = { ...unsigned, ...defined({ assertion: consent?.assertion }) };
  try {
    for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
      const record = await readAdministration(deps, REVOCATIONS);
      if ((await appendTo(deps, record, body)) === 'appended') return undefined;
      await deps.backOff(tries);
    }
    return new BrokerFault('unavailable', 'Others are changing the record.');
  } catch (error) {
    if (error instanceof BrokerFault && error.code === 'consent-invalid') throw error;
    deps.telemetry.error('record-revocation', error);
    return error;
  }
}

/** The record of the revocations, unverified, and the roles that are blocked now. @throws {BrokerFault} */
export async function revocations(
  deps: Deps,
  { after }: { readonly after?: number | undefined },
): Promise<RevocationList> {
  const [page, shut] = await Promise.all([pageOf(deps, REVOCATIONS, after), deps.revoker.standing()]);
  return { ...page, shut: [...shut].sort((a, b) => (a.role < b.role ? -1 : 1)) };
}
