/**
 * The statements that people sign with a passkey. The passkey signs `challenge = nonce ‖ SHA-256(statement)`. The
 * statement is canonical JSON (RFC 8785), with texts in Unicode normalization form C. The signing client composes the
 * statement from events that it verified and showed; it never accepts a statement or a digest from a server.
 */
import type { RevocationScope, Settings } from '@leasehold/contract/administration';
import { canonicalJson, digestOf, type Json } from '../canonical';
import type { Grant } from '../grant/grant';
import { fromBase64url, joined, toBase64url } from './bytes';

/** A decision about one lease. */
export interface ConsentStatement {
  readonly profile: 'leasehold.consent/1';
  readonly decision: 'approve' | 'deny' | 'revoke';
  readonly lease: string;
  /** Hash of the grant. It covers every byte of the permissions. */
  readonly grantHash: string;
  /** The scope of the decision: one lease of one role. */
  readonly scope: {
    readonly role: string;
    readonly parameters: Readonly<Record<string, string>>;
    readonly seconds: number;
    /** The reason for a denial or a revocation. */
    readonly because?: string;
  };
  /** Name of the person who signs. */
  readonly approver: string;
  /** The environment, as returned by {@link environmentKey}. */
  readonly environment: string;
  /**
   * Time in seconds since 1970 at which the approval request ends. For the revocation of an issued lease, the time at
   * which the lease ends.
   */
  readonly until: number;
}

/** A change of a person's keys. */
export interface KeyStatement {
  readonly profile: 'leasehold.keys/1';
  /** Type of the event that records the change. */
  readonly decision: 'code-issued' | 'key-registered' | 'key-removed';
  /** Name of the person whose record changes. */
  readonly person: string;
  /** All other data in the event, except the signature. */
  readonly scope: Readonly<Record<string, Json | undefined>>;
  /** Name of the person who signs. */
  readonly approver: string;
  readonly environment: string;
  /** Hash of the last event of the record before the change. Empty for the first event. */
  readonly previous: string;
}

/**
 * A change that an administrator makes to a principal's policy and groups. It does not contain the roles that the change
 * opens (`opens` in the event), because the broker computes them from definitions that the signer does not have. What
 * the groups open follows from the definitions, not from the signed statement.
 */
export interface PrincipalStatement {
  readonly profile: 'leasehold.principal/1';
  readonly decision: 'set';
  readonly principal: string;
  readonly scope: {
    /** The settings that the change replaces. */
    readonly before: Settings;
    readonly policy: string;
    readonly groups: readonly string[];
    readonly version: number;
  };
  readonly approver: string;
  readonly environment: string;
  /** Hash of the last event of the principal's record before the change. Empty for the first event. */
  readonly previous: string;
}

/**
 * A revocation of every lease of a role, of a requester, or of all roles. It does not depend on the event before it, so
 * if two revocations are made at the same time, neither is refused.
 */
export interface RevocationStatement {
  readonly profile: 'leasehold.revocation/1';
  readonly decision: 'revoke';
  readonly scope: RevocationScope & { readonly because: string };
  readonly approver: string;
  readonly environment: string;
}

export type Statement = ConsentStatement | KeyStatement | PrincipalStatement | RevocationStatement;

/** The parts of a lease that a decision about the lease covers. */
export interface Decided {
  readonly id: string;
  readonly proposal?: { readonly grant: Grant; readonly hash: string; readonly until: number };
  readonly issued?: { readonly until: number } | undefined;
}

/**
 * The statement for a decision about a lease in its current state.
 * @returns undefined for a lease without a grant, because people do not make decisions about such a lease
 */
export function consentStatement(
  { id, proposal, issued }: Decided,
  decision: ConsentStatement['decision'],
  approver: string,
  because?: string,
): ConsentStatement | undefined {
  if (proposal === undefined) return undefined;
  const { grant, hash, until } = proposal;
  const { role, parameters, seconds, project, environment, account } = grant;
  return {
    profile: 'leasehold.consent/1',
    decision,
    lease: id,
    grantHash: hash,
    scope: { role, parameters, seconds, ...(because === undefined ? {} : { because }) },
    approver,
    environment: environmentKey({ project, name: environment, account }),
    until: issued?.until ?? until,
  };
}

/**
 * The name of an environment in signatures: project, environment and account, for example `hermes/dev/123456789012`.
 */
export function environmentKey(environment: {
  readonly project: string;
  readonly name: string;
  readonly account: string;
}): string {
  return [environment.project, environment.name, environment.account].join('/');
}

/** The canonical text of a statement. The statement's digest covers this text. */
export function statementText(statement: Statement): string {
  return canonicalJson(normalized(statement as unknown as Json));
}

/** SHA-256 of the canonical text. */
export function statementDigest(statement: Statement): Uint8Array {
  return digestOf(normalized(statement as unknown as Json));
}

/** The challenge that a passkey signs, in base64url. @throws TypeError for a nonce that is not 32 bytes */
export function challengeOf(nonce: string, statement: Statement): string {
  const bytes = fromBase64url(nonce);
  if (bytes?.length !== NONCE_BYTES) throw new TypeError('a nonce has 32 bytes');
  return toBase64url(joined(bytes, statementDigest(statement)));
}

/**
 * Length of a nonce in bytes. The digest follows at a fixed position, so two different pairs of nonce and statement
 * never give the same challenge.
 */
export const NONCE_BYTES = 32;
/** Seconds for which a nonce is valid. */
export const NONCE_SECONDS = 300;

function normalized(value: Json): Json {
  if (typeof value === 'string') return value.normalize('NFC');
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(normalized);
  const members = Object.entries(value as Readonly<Record<string, Json | undefined>>);
  const made: Record<string, Json | undefined> = Object.create(null);
  for (const [key, member] of members) {
    const name = key.normalize('NFC');
    if (name in made) throw new TypeError('two keys of a statement are equal');
    made[name] = member === undefined ? undefined : normalized(member);
  }
  return made;
}
