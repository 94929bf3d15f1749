/**
 * The two STS calls, on the regional endpoint. The SDK is loaded for the first lease, not when the package is imported.
 */
import type { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { visible } from '@leasehold/contract/text';
import { connectionTo } from '../connection';
import type { KeyIdentity, LeasedParts } from '../credentials/lease-credentials';
import { keyProvider } from '../credentials/own-key';
import { harmlessCause, invalidRequest } from '../errors';
import { LeaseError } from '../lease-error';
import { withoutNodeNotice } from '../quiet-sdk';
import { awsRefusal, faultOf } from './aws-refusal';
import { partsOf } from './issued-parts';
import type { Asker } from './requester';

/** The input of AssumeRole for a lease. */
export interface AssumeRole {
  readonly id: string;
  readonly roleArn: string;
  readonly sourceIdentity: string;
  readonly serialNumber: string;
  readonly code: string;
  readonly durationSeconds: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly policy?: string;
}

/** The input of GetScopedCredentials for an attenuation. */
export interface ScopeDown {
  readonly policy?: string;
  readonly durationSeconds?: number;
}

/** Calls STS for one agent. */
export class Sts {
  readonly #endpoint: string;
  readonly #region: string;
  readonly #key: (() => Promise<KeyIdentity>) | undefined;
  #client: STSClient | undefined;

  constructor(options: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: KeyIdentity | (() => Promise<KeyIdentity>) | undefined;
  }) {
    const { endpoint, region, credentials } = options;
    this.#endpoint = endpoint;
    this.#region = region;
    this.#key = keyProvider(credentials);
  }

  /**
   * Checks, before a person is asked, that a code would open the lease: a long-term key exists, STS can be reached, and
   * the key belongs to the agent. No policy can deny this call. Source:
   * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
   * @throws LeaseError `invalid-request`, `unavailable`, `denied`, `aborted`
   */
  async demandReady({ name, entry }: Asker, signal: AbortSignal): Promise<void> {
    await this.#demandLongTermKey();
    const { GetCallerIdentityCommand } = sdk();
    const found = await this.#sts()
      .send(new GetCallerIdentityCommand({}), { abortSignal: signal })
      .catch((error: unknown) => {
        throw awsRefusal(faultOf(error), "the check of the agent's key", [], this.#endpoint);
      });
    if (found.Arn === entry.arn) return;
    if (found.Arn === undefined) {
      const message = `${this.#endpoint} does not identify the agent's key: its answer is not one of STS`;
      throw new LeaseError(
        'unavailable',
        message,
        'Check that AWS_ENDPOINT_URL_STS, or the manifest, specifies an STS endpoint.',
        false,
      );
    }
    throw invalidRequest(
      `the key is that of ${visible(found.Arn)}, and the agent ${name} is ${entry.arn}`,
      `Use the long-term access key of ${entry.arn}, or specify the agent that owns the current key.`,
    );
  }

  async #demandLongTermKey(): Promise<void> {
    let key: KeyIdentity;
    try {
      key = await this.#sts().config.credentials();
    } catch (error) {
      // This is, for example, an error about certificates that cannot be read.
      if (error instanceof LeaseError) throw error;
      const [message, hint] = [
        'the agent has no access key',
        "Pass the agent's long-term key as `credentials`, or set it in the environment.",
      ];
      throw new LeaseError('invalid-request', message, hint, false, { cause: harmlessCause(error) });
    }
    if (key.sessionToken === undefined) return;
    throw invalidRequest(
      'the agent has temporary credentials, and a role with gate mfa opens only with a long-term key',
      "Use the long-term key of the agent's IAM user.",
    );
  }

  /**
   * Opens a lease. The call is never retried, because a code is valid only once.
   * @throws LeaseError `denied`, `invalid-request`, `unavailable`, `aborted`
   */
  async assumeRole(call: AssumeRole, signal: AbortSignal): Promise<LeasedParts> {
    const { AssumeRoleCommand } = sdk();
    const command = new AssumeRoleCommand({
      RoleArn: call.roleArn,
      RoleSessionName: call.id,
      SourceIdentity: call.sourceIdentity,
      SerialNumber: call.serialNumber,
      TokenCode: call.code,
      DurationSeconds: call.durationSeconds,
      Tags: Object.entries(call.tags).map(([Key, Value]) => ({ Key, Value })),
      ...defined({ Policy: call.policy }),
    });
    try {
      const { Credentials: issued } = await this.#sts().send(command, { abortSignal: signal });
      return partsOf(issued);
    } catch (error) {
      if (error instanceof LeaseError) throw error;
      throw awsRefusal(faultOf(error), 'the lease', [call.code], this.#endpoint);
    }
  }

  /**
   * Attenuates a lease. At least one of `policy` and `durationSeconds` is given.
   * @throws LeaseError `denied`, `expired`, `invalid-request`, `unavailable`
   */
  async scoped(parts: LeasedParts, { policy, durationSeconds }: ScopeDown): Promise<LeasedParts> {
    const { STSClient, GetScopedCredentialsCommand } = sdk();
    const { requestHandler, systemClockOffset } = this.#sts().config;
    const { accessKeyId, secretAccessKey, sessionToken } = parts;
    const client = new STSClient({
      ...this.#settings(),
      // The connections are shared, so the client itself has no resources to close.
      requestHandler,
      systemClockOffset,
      credentials: { accessKeyId, secretAccessKey, sessionToken },
    });
    const input = defined({ Policy: policy, DurationSeconds: durationSeconds });
    try {
      const { Credentials: issued } = await client.send(new GetScopedCredentialsCommand(input));
      return partsOf(issued);
    } catch (error) {
      if (error instanceof LeaseError) throw error;
      const fault = faultOf(error);
      if (/^(ExpiredToken|InvalidSubjectCredentials)/.test(fault.name)) {
        const hint = 'Request a new lease for the new task, and state a new reason.';
        throw new LeaseError('expired', 'the lease is over', hint, false);
      }
      throw awsRefusal(fault, 'the attenuation', [], this.#endpoint);
    }
  }

  #sts(): STSClient {
    const { STSClient } = sdk();
    this.#client ??= withoutNodeNotice(
      () =>
        new STSClient({
          ...this.#settings(),
          ...defined({ credentials: this.#key }),
        }),
    );
    return this.#client;
  }

  #settings() {
    // The endpoint is explicit, so a profile's settings for FIPS and dual stack would only contradict it.
    return {
      endpoint: this.#endpoint,
      region: this.#region,
      maxAttempts: 1,
      requestHandler: connectionTo(this.#endpoint, process.env),
      useFipsEndpoint: false,
      useDualstackEndpoint: false,
    };
  }
}

function sdk(): typeof import('@aws-sdk/client-sts') {
  return require('@aws-sdk/client-sts');
}
