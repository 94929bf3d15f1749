/**
 * Signs a person in to the AWS console with the credentials of a lease. The credentials are sent in the body of a
 * request, never in a URL. The resulting URL is a secret for that person only. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 */
import type { Environment } from '@leasehold/definitions';
import { consoleEndpoints, FEDERATION_PATH } from '@leasehold/documents';
import { type Answered, boundedCall, CallFailed, callableUrl } from '../outbound/bounded-call';
import { Refused, Unavailable } from '../port-errors';
import type { Clock, IssuedCredentials } from '../ports';
import { harmless } from './fault';

const CALL = 'signin:GetSigninToken';
/** Seconds for which AWS accepts a sign-in URL. */
const ADDRESS_LASTS = 900;
/** Maximum size of a response in bytes. A token has about 2,000 characters. */
const LONGEST_ANSWER = 1 << 16;
/** Milliseconds. */
const TIMEOUT = 5000;

/** A client for the console's federation endpoint. */
export class ConsoleSignIn {
  readonly #federation: URL;
  readonly #home: string;
  readonly #clock: Clock;
  readonly #timeout: number;

  /**
   * @param options.endpoint Origin of the sign-in service. Default: the AWS endpoint of the partition.
   * @param options.timeout Milliseconds. Default: 5,000.
   */
  constructor(options: {
    readonly environment: Pick<Environment, 'partition' | 'region'>;
    readonly clock: Clock;
    readonly endpoint?: string;
    readonly timeout?: number;
  }) {
    const { environment, clock, endpoint, timeout = TIMEOUT } = options;
    const { signIn, home } = consoleEndpoints(environment);
    this.#federation = new URL(FEDERATION_PATH, callableUrl(endpoint ?? signIn, 'the console’s sign-in'));
    this.#home = home;
    this.#clock = clock;
    this.#timeout = timeout;
  }

  /**
   * Returns a console sign-in URL for these credentials. The console session lasts as long as the credentials: AWS
   * rejects a separate session duration for credentials that came from role chaining.
   * @throws {Refused} or {@link Unavailable}
   */
  async address(credentials: IssuedCredentials): Promise<{ readonly url: string; readonly expiresAt: number }> {
    const asked = this.#clock();
    const token = await this.#token(credentials);
    const url = new URL(this.#federation);
    url.search = new URLSearchParams({
      Action: 'login',
      Issuer: 'leasehold',
      Destination: this.#home,
      SigninToken: token,
    }).toString();
    return { url: url.href, expiresAt: Math.min(asked + ADDRESS_LASTS, credentials.expiresAt) };
  }

  async #token({ accessKeyId, secretAccessKey, sessionToken }: IssuedCredentials): Promise<string> {
    const session = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };
    const form = new URLSearchParams({ Action: 'getSigninToken', Session: JSON.stringify(session) });
    const { status, body } = await this.#post(form.toString());
    if (status >= 400 && status < 500) throw new Refused(CALL, `Status${status}`);
    const token = status === 200 ? tokenIn(body) : undefined;
    if (token === undefined) throw new Unavailable(CALL);
    return token;
  }

  async #post(body: string): Promise<Answered> {
    try {
      return await boundedCall(this.#federation, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body,
        signal: AbortSignal.timeout(this.#timeout),
        maxBytes: LONGEST_ANSWER,
      });
    } catch (error) {
      // The message of a `CallFailed` contains only text of this package: the reason, and the system's error code.
      throw new Unavailable(CALL, { cause: error instanceof CallFailed ? error : harmless(error) });
    }
  }
}

function tokenIn(body: Buffer): string | undefined {
  try {
    const { SigninToken: token } = JSON.parse(body.toString()) as { SigninToken?: unknown };
    return typeof token === 'string' && token !== '' ? token : undefined;
  } catch {
    return undefined;
  }
}
