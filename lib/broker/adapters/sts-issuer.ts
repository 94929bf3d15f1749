/**
 * Cuts sessions with the regional STS. A lease of less than AWS's shortest session is cut out of one, which nobody gets to
 * see: its minutes are AWS's to enforce, as those of a long one are.
 * Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
import { AssumeRoleCommand, type AssumeRoleCommandInput, type Credentials, STSClient } from '@aws-sdk/client-sts';
import { type LeasedParts, LeaseError, scopedCredentials } from '@leasehold/runtime/scoped';
import type { Cut, IssuedCredentials, Issuer } from '../ports';
import { Refused, Unavailable } from '../ports';
import type { ConsoleSignIn } from './console-sign-in';
import { failed, harmless, isThrottling, nameOf, unavailable } from './fault';
import { HeldCredentials } from './held-credentials';
import { assumeRoleInput, LONGEST, SHORTEST, sessionPolicy } from './session';

const ASSUME = 'sts:AssumeRole';
const SCOPE = 'sts:GetScopedCredentials';

/** {@link Issuer} of AWS. */
export class StsIssuer implements Issuer {
  readonly #client: STSClient;
  readonly #endpoint: string;
  readonly #region: string;
  readonly #signIn: ConsoleSignIn;

  /**
   * @param options.client Sends once: a cut is repeated by whoever collects.
   * @param options.endpoint Regional, since GetScopedCredentials is nowhere else; the client's own.
   */
  constructor(options: {
    readonly client: STSClient;
    readonly endpoint: string;
    readonly region: string;
    readonly signIn: ConsoleSignIn;
  }) {
    this.#client = options.client;
    this.#endpoint = options.endpoint;
    this.#region = options.region;
    this.#signIn = options.signIn;
  }

  async cut(cut: Cut): Promise<IssuedCredentials> {
    const { seconds } = cut;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST) {
      throw new RangeError(`A lease of ${seconds} seconds cannot be cut: 1 to ${LONGEST} can.`);
    }
    const began = performance.now();
    const session = await this.#assumeRole(assumeRoleInput(cut));
    if (seconds >= SHORTEST) return session;
    // The end stays where it is on record: what the first call took is not added.
    const left = seconds - Math.floor((performance.now() - began) / 1000);
    if (left < 1) throw new Unavailable(SCOPE);
    return this.#scoped(session, sessionPolicy(cut.grant.policy), left);
  }

  console(credentials: IssuedCredentials): Promise<{ readonly url: string; readonly expiresAt: number }> {
    return this.#signIn.address(credentials);
  }

  async #assumeRole(input: AssumeRoleCommandInput): Promise<HeldCredentials> {
    try {
      const { Credentials: issued } = await this.#client.send(new AssumeRoleCommand(input));
      return held(issued);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw failed(ASSUME, error);
    }
  }

  /** Less out of a session, with its own credentials, which are forgotten afterwards whatever comes of it. */
  async #scoped(session: HeldCredentials, policy: string, durationSeconds: number): Promise<HeldCredentials> {
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const { requestHandler, systemClockOffset: clockOffset } = this.#client.config;
    const [endpoint, region] = [this.#endpoint, this.#region];
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    // Connections are shared; the client itself holds nothing that has to be closed.
    const client = new STSClient({ region, endpoint, requestHandler, credentials, maxAttempts: 1 });
    try {
      const call = { endpoint, region, clockOffset, policy, durationSeconds };
      const parts = await scopedCredentials(client, call);
      return new HeldCredentials(inSeconds(parts));
    } catch (error) {
      throw refusalOf(error);
    }
  }
}

/** @throws {Unavailable} for an answer without credentials */
function held(issued: Credentials | undefined): HeldCredentials {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issued ?? {};
  const expiresAt = issued?.Expiration?.getTime() ?? Number.NaN;
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) throw new Unavailable(ASSUME);
  return new HeldCredentials(inSeconds({ accessKeyId, secretAccessKey, sessionToken, expiresAt }));
}

function inSeconds(parts: LeasedParts) {
  return { ...parts, expiresAt: Math.floor(parts.expiresAt / 1000) };
}

/** The runtime's error as the port knows it. Its cause bears AWS's code, and AWS's words, which are left out. */
function refusalOf(error: unknown): Refused | Unavailable {
  if (!(error instanceof LeaseError)) return unavailable(SCOPE, error);
  const code = nameOf(error.cause);
  const isUnknown = (error.code === 'unavailable' && !isThrottling(code)) || error.code === 'aborted';
  const cause = harmless(error.cause ?? error);
  return isUnknown ? new Unavailable(SCOPE, { cause }) : new Refused(SCOPE, refusalCode(error, code), { cause });
}

/** An expired session is told by the runtime without a cause. */
function refusalCode(error: LeaseError, code: string): string {
  return error.cause === undefined ? error.code : code;
}
