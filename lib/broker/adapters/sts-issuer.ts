/**
 * Issues sessions with the regional STS endpoint. A lease shorter than AWS's minimum session is scoped down from a
 * session that nobody receives, so that AWS enforces its expiry like that of a long one. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
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

/** {@link Issuer} for AWS. */
export class StsIssuer implements Issuer {
  readonly #client: STSClient;
  readonly #endpoint: string;
  readonly #region: string;
  readonly #signIn: ConsoleSignIn;

  /**
   * @param options.client Sends each call once: the collecting client repeats a failed one.
   * @param options.endpoint The regional endpoint, because only it offers GetScopedCredentials. Default: that of the
   * client.
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
    // The recorded expiry does not move: the duration of the first call is subtracted.
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

  /**
   * Scopes a session down with the session's own credentials, which are then discarded, whether the call succeeds or
   * not.
   */
  async #scoped(session: HeldCredentials, policy: string, durationSeconds: number): Promise<HeldCredentials> {
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const { requestHandler, systemClockOffset: clockOffset } = this.#client.config;
    const [endpoint, region] = [this.#endpoint, this.#region];
    const credentials = { accessKeyId, secretAccessKey, sessionToken };
    // Connections are shared. The client itself has no resource that must be closed.
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

/**
 * Converts an error of the runtime to an error of the port. Keeps AWS's code from its cause and drops AWS's message.
 */
function refusalOf(error: unknown): Refused | Unavailable {
  if (!(error instanceof LeaseError)) return unavailable(SCOPE, error);
  const code = nameOf(error.cause);
  const isUnknown = (error.code === 'unavailable' && !isThrottling(code)) || error.code === 'aborted';
  const cause = harmless(error.cause ?? error);
  return isUnknown ? new Unavailable(SCOPE, { cause }) : new Refused(SCOPE, refusalCode(error, code), { cause });
}

/** The runtime reports an expired session without a cause. */
function refusalCode(error: LeaseError, code: string): string {
  return error.cause === undefined ? error.code : code;
}
