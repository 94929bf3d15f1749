/** Asks STS for credentials over the wire, as an agent or a person does. */
import type { AssumeRoleCommandInput, STSServiceException } from '@aws-sdk/client-sts';
import { defined } from '@leasehold/contract/defined';
import { LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents';
import { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';

/** Who asks, and where. */
export interface StsCaller {
  /** For example `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Pick<Credentials, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>;
}

/** What is asked for, by whom, and who vouches for it. */
export interface LeaseRequest extends StsCaller {
  /** The agent's user, which is the session's source identity. */
  readonly userName: string;
  readonly roleArn: string;
  /** Begins with `lh-`; also the session's name. */
  readonly id: string;
  readonly reason: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly seconds: number;
  /** An approver's device, and the code that it shows. */
  readonly mfa?: { readonly serialNumber: string; readonly code: string };
}

/** STS refused a call, in AWS's own words. */
export class StsRefusal extends SandboxError {
  /** AWS's sentence. */
  readonly sentence: string;

  /** @param code AWS's, for example `AccessDenied`. */
  constructor(refused: string, code: string, sentence: string, hint: string) {
    super(`${refused}: ${code}: ${sentence}`, hint, { code });
    this.sentence = sentence;
  }
}

/**
 * Sends AssumeRole with everything that a lease's trust policy demands.
 * @throws {StsRefusal} when STS refuses it, and as {@link assumeRole} does.
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
 * Sends AssumeRole, once: a code is good once.
 * @throws {StsRefusal} that begins with `refused` when STS refuses it; {SandboxError} without an answer that can be read.
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
 * Settings of an SDK client that asks once, and only where it is told to. A profile's FIPS and dual-stack settings would
 * contradict the endpoint. The credentials are a copy, because the SDK adds to the object that it is given.
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
 * What the SDK throws. `Error` has a refusal's code as STS sent it: the names of the SDK's own errors differ from it, for
 * example `PackedPolicyTooLargeException`. `code` is that of a broken connection.
 */
type Fault = Pick<STSServiceException, 'message' | 'name'> & {
  readonly Error?: { readonly Code?: string };
  readonly code?: string;
};

/** Without the SDK's error as its cause, which may carry the answer. */
function unanswered(why: string): SandboxError {
  return new SandboxError(`STS did not answer, or not in full: ${why}`, 'Look whether the sandbox is running.');
}
