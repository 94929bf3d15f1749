/** Signs and sends what administrators change: the settings of a principal, and revocations of more than one lease. */
import {
  type AdministrationState,
  administrationStatement,
  keysAt,
  noAdministration,
  REVOCATIONS,
  type Statement,
} from '@leasehold/broker/core';
import type { PrincipalView, RevocationAnswer } from '@leasehold/contract';
import type { RevocationScope, Settings } from '@leasehold/contract/administration';
import type { Consent } from '@leasehold/contract/consent';
import { PageRefusal } from '../api/errors.ts';
import { consentAsAdministrator } from '../consent/change.ts';
import { keysOf, nonceFor, type Signer, sign } from '../consent/sign.ts';

/** A change that the administrator has seen next to the settings that it replaces. */
export interface PrincipalEdit {
  readonly principal: string;
  readonly before: Settings;
  readonly after: Settings;
  /** The version that the page shows. */
  readonly version: number;
}

/** Groups as the broker records them: sorted and without duplicates. */
export function recordedGroups(groups: readonly string[]): readonly string[] {
  return [...new Set(groups)].sort();
}

/**
 * Replaces the settings of a principal. The signature covers the old and the new settings, and the last event of the
 * record that the page verified.
 * @throws {PageRefusal}
 */
export async function setPrincipal(
  administrator: Signer,
  environment: string,
  state: AdministrationState,
  { principal, before, after, version }: PrincipalEdit,
): Promise<PrincipalView> {
  const { broker, as, person: by } = administrator;
  const nonce = await nonceFor(administrator, environment);
  const change = { type: 'principal-set', by, before, after, version: version + 1, opens: [] } as const;
  const consent = await consentAsAdministrator(administrator, nonce, demanded(administrationStatement(state, change)));
  const body = { policy: after.policy, groups: [...after.groups], version, consent };
  return broker('putPrincipal', { as, path: { principal }, body });
}

/**
 * Revokes every lease in a scope.
 * @param environment The environment that the page shows.
 * @param signed In an emergency, a revocation can be sent without a signature, because it permits nothing.
 * @throws {PageRefusal}
 */
export async function revokeAll(
  administrator: Signer,
  environment: string,
  { scope, because, signed }: { readonly scope: RevocationScope; readonly because: string; readonly signed: boolean },
): Promise<RevocationAnswer> {
  const { broker, as } = administrator;
  const consent = signed ? { consent: await consentToRevocation(administrator, environment, scope, because) } : {};
  return broker('revokeMany', { as, body: { ...scope, because, ...consent } });
}

async function consentToRevocation(
  administrator: Signer,
  environment: string,
  scope: RevocationScope,
  because: string,
): Promise<Consent> {
  const { as, person } = administrator;
  const nonce = await nonceFor(administrator, environment);
  const keys = keysAt(await keysOf(administrator, nonce), nonce.relyingParty);
  const event = { type: 'leases-revoked', by: `${as} ${person}`, scope, because } as const;
  const statement = demanded(administrationStatement(noAdministration(REVOCATIONS, environment), event));
  return { assertion: await sign(nonce, statement, keys), ticket: nonce.ticket };
}

function demanded(statement: Statement | undefined): Statement {
  if (statement !== undefined) return statement;
  throw new PageRefusal('There is nothing to sign.', 'Reload the page.');
}
