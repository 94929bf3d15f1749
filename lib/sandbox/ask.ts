/** Asks for a lease over the wire, as an agent does. */
import { LEASE_ID_TAG, parameterTag, REASON_TAG } from '@leasehold/documents';
import { Credentials } from './credentials/credentials';
import { SandboxError } from './errors';
import { child, readAnswer, textOf } from './load/query-answer';
import { type Incoming, signedCall } from './sigv4/signed-call';

/** What is asked for, by whom, and who vouches for it. */
export interface LeaseRequest {
  readonly endpoint: string;
  readonly region: string;
  /** Keys of the agent's user. */
  readonly credentials: Credentials;
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

/** Sends AssumeRole with everything that a lease's trust policy demands. */
export function askForLease(request: LeaseRequest): Promise<Incoming> {
  const { endpoint, region, credentials, userName, roleArn, id, reason, seconds, mfa } = request;
  const tags: readonly (readonly [string, string])[] = [
    [LEASE_ID_TAG, id],
    [REASON_TAG, reason],
    ...Object.entries(request.parameters).map(([name, value]) => [parameterTag(name), value] as const),
  ];
  return callSts({ endpoint, region, credentials }, [
    ['Action', 'AssumeRole'],
    ['RoleArn', roleArn],
    ['RoleSessionName', id],
    ['SourceIdentity', userName],
    ['DurationSeconds', String(seconds)],
    ...Object.entries(mfa === undefined ? {} : { SerialNumber: mfa.serialNumber, TokenCode: mfa.code }),
    ...tags.flatMap(([key, value], index) =>
      Object.entries({ [`Tags.member.${index + 1}.Key`]: key, [`Tags.member.${index + 1}.Value`]: value }),
    ),
  ]);
}

/** Sends a call of STS. */
export function callSts(
  { endpoint, region, credentials }: Pick<LeaseRequest, 'endpoint' | 'region' | 'credentials'>,
  fields: readonly (readonly [name: string, value: string])[],
): Promise<Incoming> {
  return signedCall({
    endpoint,
    region,
    service: 'sts',
    credentials,
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: [['Version', '2011-06-15'] as const, ...fields]
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&'),
  });
}

/** The credentials in STS's answer. Throws `SandboxError` with AWS's own words when it is a refusal. */
export function leasedCredentials(answer: Incoming): Credentials {
  return issuedCredentials(answer, 'The lease was refused', 'Ask `leasehold explain <role> --trust` why.');
}

/**
 * The credentials in STS's answer.
 * @throws {SandboxError} that begins with `refused` and has AWS's own words, when it is a refusal.
 */
export function issuedCredentials(answer: Incoming, refused: string, mend = 'Look at its trust policy.'): Credentials {
  if (answer.status !== 200) {
    const { code, message } = errorIn(answer);
    throw new SandboxError(`${refused}: ${code}: ${message}`, mend);
  }
  const issued = child(child(readAnswer(answer.text), 'AssumeRoleResult'), 'Credentials');
  return new Credentials({
    accessKeyId: textOf(issued, 'AccessKeyId'),
    secretAccessKey: textOf(issued, 'SecretAccessKey'),
    sessionToken: textOf(issued, 'SessionToken'),
    expiration: new Date(textOf(issued, 'Expiration')),
  });
}

/** Code and message of an error in XML. */
export function errorIn({ text }: Incoming): { readonly code: string; readonly message: string } {
  const root = readAnswer(text);
  const error = root.name === 'Error' ? root : child(root, 'Error');
  return { code: textOf(error, 'Code'), message: textOf(error, 'Message') };
}
