/**
 * Temporary credentials. A session is stored only in its token. The token is encrypted with a key that only this
 * process has. The sandbox does not store sessions, so its memory use does not increase with the number of sessions.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { accessKeyId } from '../account/ids';
import { Credentials } from './credentials';

/** The content of a session token. Times are in seconds since 1970, according to the sandbox's clock. */
export interface Session {
  readonly accessKeyId: string;
  readonly account: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** The kind of session: `user` for GetSessionToken; `role` for any way of assuming a role. */
  readonly of: 'user' | 'role';
  /**
   * Unique id of the user or role. A user or role that is later created with the same name has a different id.
   */
  readonly principalId: string;
  /** Name of the user or role. */
  readonly principalName: string;
  /** The time at which MFA was verified. Present only for a user session with MFA. */
  readonly mfaAt?: number;
  /** Name of the session. This field and all fields below are present only for a role's session. */
  readonly sessionName?: string;
  readonly sourceIdentity?: string;
  /** Session tags by key, including inherited tags. */
  readonly tags?: Readonly<Record<string, string>>;
  /** Keys of the tags that a chained session inherits. */
  readonly transitiveTagKeys?: readonly string[];
  /** The inline session policy, as passed. */
  readonly policy?: string;
  /** ARNs of the managed policies that were passed as session policies. */
  readonly policyArns?: readonly string[];
  /** Scope-down policies from GetScopedCredentials calls, in order. */
  readonly scopeDown?: readonly string[];
  /** ARN of the OIDC provider whose token was exchanged for the session. */
  readonly federatedProvider?: string;
  /**
   * True if the session has no `aws:TokenIssueTime`, which is possible only in a sandbox that violates an assumption
   * about AWS.
   */
  readonly withoutIssueTime?: true;
  /**
   * Whether the session keeps the policies that applied to its first call. True only in a sandbox that violates an
   * assumption about AWS.
   */
  readonly keepsPolicies?: true;
  /**
   * The role's tags at the start of the session. Present only in a sandbox in which later changes to the role's tags do
   * not affect existing sessions.
   */
  readonly roleTags?: Readonly<Record<string, string>>;
}

/** Issues credentials, and verifies them. */
export class Sessions {
  readonly #sealing = randomBytes(32);
  readonly #signing = randomBytes(32);
  /** The latest sessions by token, so that the token need not be decrypted for a client's next call. */
  readonly #recent = new Map<string, Session>();

  /** Issues credentials for a session. */
  issue(session: Omit<Session, 'accessKeyId'>): Credentials {
    const keyId = accessKeyId('ASIA', session.account);
    return new Credentials({
      accessKeyId: keyId,
      secretAccessKey: this.secret(keyId),
      sessionToken: this.#seal({ ...session, accessKeyId: keyId }),
      expiration: new Date(session.expiresAt * 1000),
    });
  }

  /** The secret of a temporary key, which is derived from the key's id. */
  secret(keyId: string): string {
    return createHmac('sha256', this.#signing).update(keyId).digest().subarray(0, 30).toString('base64');
  }

  /** The session in a token. `undefined` unless this process issued the token together with this key. */
  open(keyId: string, token: string): Session | undefined {
    const session = this.#recent.get(token) ?? this.#unseal(token);
    if (session?.accessKeyId !== keyId) return undefined;
    this.#remember(token, session);
    return session;
  }

  #remember(token: string, session: Session): void {
    this.#recent.delete(token);
    this.#recent.set(token, session);
    if (this.#recent.size > MOST_RECENT) this.#recent.delete(this.#recent.keys().next().value ?? '');
  }

  #seal(session: Session): string {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#sealing, nonce).setAAD(PREFIX);
    const sealed = Buffer.concat([cipher.update(deflateRawSync(JSON.stringify(session))), cipher.final()]);
    return Buffer.concat([PREFIX, nonce, cipher.getAuthTag(), sealed]).toString('base64');
  }

  #unseal(token: string): Session | undefined {
    const bytes = Buffer.from(token, 'base64');
    const [prefix, nonce, tag] = [bytes.subarray(0, 6), bytes.subarray(6, 18), bytes.subarray(18, 34)];
    const sealed = bytes.subarray(34);
    // Base64 can encode the same bytes in several ways; only the original encoding is valid.
    if (sealed.length === 0 || bytes.toString('base64') !== token) return undefined;
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#sealing, nonce, { authTagLength: 16 });
      decipher.setAAD(prefix).setAuthTag(tag);
      const packed = Buffer.concat([decipher.update(sealed), decipher.final()]);
      return JSON.parse(inflateRawSync(packed).toString('utf8'));
    } catch {
      return undefined;
    }
  }
}

/** Six bytes, so that a token starts like AWS's tokens. */
const PREFIX = Buffer.from('IQoJb3Jp', 'base64');
const MOST_RECENT = 1000;
