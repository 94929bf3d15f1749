/**
 * Issues sessions through the regional STS endpoint. A lease that is shorter than AWS's minimum session is scoped down
 * from a session that nobody receives, so AWS enforces its expiry. Source:
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html
 */
import type { IAMClient } from '@aws-sdk/client-iam';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  type Credentials,
  GetScopedCredentialsCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { LONGEST_LEASE, SHORTEST_SESSION } from '../durations';
import { Unavailable } from '../port-errors';
import type { Cut, IssuedCredentials, Issuer } from '../ports';
import type { ConsoleSignIn } from './console-sign-in';
import { failed } from './fault';
import { HeldCredentials } from './held-credentials';
import { demandPinnedTexts } from './managed-texts';
import { assumeRoleInput } from './session';

const ASSUME = 'sts:AssumeRole';
const SCOPE = 'sts:GetScopedCredentials';

/** {@link Issuer} for AWS. */
export class StsIssuer implements Issuer {
  readonly #client: STSClient;
  readonly #endpoint: string;
  readonly #region: string;
  readonly #signIn: ConsoleSignIn;
  readonly #iam: () => IAMClient;

  /**
   * @param options.client Sends each call once, because the client that collects the lease repeats a failed call.
   * @param options.endpoint The regional endpoint, because the global endpoint does not offer GetScopedCredentials.
   * Default: the endpoint of the client.
   * @param options.iam Reads the texts of managed policies, for grants with such policies.
   */
  constructor(options: {
    readonly client: STSClient;
    readonly endpoint: string;
    readonly region: string;
    readonly signIn: ConsoleSignIn;
    readonly iam: () => IAMClient;
  }) {
    this.#client = options.client;
    this.#endpoint = options.endpoint;
    this.#region = options.region;
    this.#signIn = options.signIn;
    this.#iam = options.iam;
  }

  async cut(cut: Cut): Promise<IssuedCredentials> {
    const { seconds } = cut;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > LONGEST_LEASE) {
      throw new RangeError(
        `A lease cannot be issued for ${seconds} seconds: the duration must be from 1 to ${LONGEST_LEASE} seconds.`,
      );
    }
    await demandPinnedTexts(this.#iam, cut.grant);
    const began = performance.now();
    const session = await this.#assumeRole(assumeRoleInput(cut));
    if (seconds >= SHORTEST_SESSION) return session;
    // The duration of the first call is subtracted, so that the recorded expiry stays the same.
    const left = seconds - Math.floor((performance.now() - began) / 1000);
    if (left < 1) throw new Unavailable(SCOPE);
    return this.#shortened(session, left);
  }

  console(credentials: IssuedCredentials): Promise<{ readonly url: string; readonly expiresAt: number }> {
    return this.#signIn.address(credentials);
  }

  async #assumeRole(input: AssumeRoleCommandInput): Promise<HeldCredentials> {
    try {
      const { Credentials: issued } = await this.#client.send(new AssumeRoleCommand(input));
      return held(issued, ASSUME);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw failed(ASSUME, error);
    }
  }

  /**
   * Shortens a session with the session's own credentials. The original credentials are then discarded, even if the
   * call fails. The call passes no policy: the session already has the grant's policy, and a session can have at most
   * three scope-down policies, which are left to the holder.
   */
  async #shortened(session: HeldCredentials, durationSeconds: number): Promise<HeldCredentials> {
    const { accessKeyId, secretAccessKey, sessionToken } = session;
    const { requestHandler, systemClockOffset } = this.#client.config;
    // The connections are shared, so the client itself has no resources to close.
    const client = new STSClient({
      region: this.#region,
      endpoint: this.#endpoint,
      requestHandler,
      systemClockOffset,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
      maxAttempts: 1,
    });
    try {
      const command = new GetScopedCredentialsCommand({ DurationSeconds: durationSeconds });
      const { Credentials: issued } = await client.send(command);
      return held(issued, SCOPE);
    } catch (error) {
      if (error instanceof Unavailable) throw error;
      throw failed(SCOPE, error);
    }
  }
}

/** @throws {Unavailable} if the answer contains no credentials */
function held(issued: Credentials | undefined, call: string): HeldCredentials {
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = issued ?? {};
  const expiresAt = Math.floor((issued?.Expiration?.getTime() ?? Number.NaN) / 1000);
  if (!accessKeyId || !secretAccessKey || !sessionToken || Number.isNaN(expiresAt)) throw new Unavailable(call);
  return new HeldCredentials({ accessKeyId, secretAccessKey, sessionToken, expiresAt });
}
