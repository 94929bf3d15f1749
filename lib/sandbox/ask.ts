/** Requests credentials from STS over HTTP, in the same way as an agent or a person. */
import type { AssumeRoleCommandInput, STSServiceException } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents';
import { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';

/** The caller, and the STS endpoint. */
export interface StsCaller {
  /** Address of the sandbox, for example `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;
}

/** A request for a lease. */
export interface LeaseRequest extends StsCaller {
  /** Name of the agent's user, which becomes the session's source identity. */
  readonly userName: string;
  readonly roleArn: string;
  /** The lease id, which starts with `lh-`. It is also the session's name. */
  readonly id: string;
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** An approver's MFA device and its current code. */
  readonly mfa?: { readonly serialNumber: string; readonly code: string };
}

/** STS denied a call. The error contains AWS's own message. */
export class StsRefusal extends SandboxError {
  /** AWS's error message. */
  readonly sentence: string;

  /** @param code AWS's error code, for example `AccessDenied`. */
  constructor(refused: string, code: string, sentence: string, hint: string) {
    super(`${refused}: ${code}: ${sentence}`, hint, { code });
    this.sentence = sentence;
  }
}

/**
 * Calls AssumeRole with all values that a lease's trust policy requires.
 * @throws {StsRefusal} if STS denies the call, and the errors of {@link assumeRole}.
 */
export function askForLease(request: LeaseRequest): Promise<Credentials> {
  const { userName, roleArn, id, reason, parameters, seconds, mfa } = request;
  const tags: readonly (readonly [key: string, value: string])[] = [
    [LEASE_ID_TAG, id],
    [REASON_TAG, reason],
    ...Object.entries(parameters).map(([name, value]) => [parameterTag(name), value] as const),
  ];
  const input: AssumeRoleCommandInput = {
    RoleArn: roleArn,
    RoleSessionName: id,
    SourceIdentity: userName,
    DurationSeconds: seconds,
    ...defined({ SerialNumber: mfa?.serialNumber, TokenCode: mfa?.code }),
    Tags: tags.map(([Key, Value]) => ({ Key, Value })),
  };
  return assumeRole(request, input, 'The lease was refused', 'Ask `leasehold explain <role> --trust` why.');
}

/**
 * Calls AssumeRole. Does not retry, because an MFA code can be used only once.
 * @throws {StsRefusal} with a message that starts with the value of `refused` if STS denies the call; {SandboxError} if
 * STS returns no readable response.
 */
export async function assumeRole(
  caller: StsCaller,
  input: AssumeRoleCommandInput,
  refused: string,
  hint = 'Look at its trust policy.',
): Promise<Credentials> {
  const { AssumeRoleCommand, STSClient }: typeof import('@aws-sdk/client-sts') = require('@aws-sdk/client-sts');
  const client = new STSClient(clientSettings(caller));
  try {
    const { Credentials: issued } = await client.send(new AssumeRoleCommand(input));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) throw unanswered('no credentials');
    return new Credentials({
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    });
  } catch (error) {
    if (error instanceof SandboxError) throw error;
    const { Error: fault, message, code, name } = error as Fault;
    if (fault?.Code !== undefined) throw new StsRefusal(refused, fault.Code, message.trim(), hint);
    throw unanswered(code ?? name);
  } finally {
    client.destroy();
  }
}

/**
 * Settings of an SDK client that does not retry and that ignores the user's profile. A profile's FIPS and dual-stack
 * settings would conflict with the endpoint. The credentials are copied, because the SDK modifies the object that it
 * receives.
 */
export function clientSettings({ endpoint, region, credentials }: StsCaller) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  return {
    endpoint,
    region,
    credentials: { accessKeyId, secretAccessKey, ...defined({ sessionToken }) },
    maxAttempts: 1,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  };
}

/**
 * An error that the SDK throws. `Error` contains the error code that STS sent, which can differ from the name of the
 * SDK's error class, for example `PackedPolicyTooLargeException`. For connection errors, `code` is the operating
 * system's error code.
 */
type Fault = Pick<STSServiceException, 'message' | 'name'> & {
  readonly Error?: { readonly Code?: string };
  readonly code?: string;
};

/** The SDK's error is not passed on as the cause, because it may contain the response with credentials. */
function unanswered(why: string): SandboxError {
  return new SandboxError(
    `STS did not respond, or the response is incomplete: ${why}`,
    'Check that the sandbox is running.',
  );
}
