/** One minute of a lease's life, told by an agent that speaks to a real sandbox over the wire. */
import type { Environment, Role } from '../../definitions/model';
import {
  agentName,
  LEASE_ID_PREFIX,
  LEASE_ID_TAG,
  mfaAgents,
  parameterTag,
  REASON_TAG,
  roleArn,
} from '../../documents';
import { Credentials } from '../credentials/credentials';
import { SandboxError } from '../errors';
import { child, readXml, textOf } from '../load/xml-reader';
import type { Event } from '../log';
import type { Sandbox } from '../sandbox';
import { type Incoming, signedCall } from '../sigv4/signed-call';

/** One scene: what is tried, and how AWS's answer came out. No field holds a secret. */
export interface Scene {
  /** What happens, as one sentence. */
  readonly title: string;
  /** The call in short, for example `s3:PutObject s3://bucket/key`. */
  readonly call: string;
  /** Whether it was let through. */
  readonly allowed: boolean;
  /** HTTP status and error code, or what was achieved. */
  readonly outcome: string;
  /** AWS's own sentence, where there is one. */
  readonly sentence?: string;
  /** What it shows, as one sentence. */
  readonly moral: string;
}

/** The whole story. */
export interface Story {
  readonly scenes: AsyncIterable<Scene>;
  /** The lease's event as CloudTrail has it; known when the scenes are over. */
  readonly event: () => Event | undefined;
}

/** The role that the story is about. */
export const DEMO_ROLE = 's3-deploy';
const RELEASE = '1.4.2';
const REASON = 'Deploy build 1.4.2 to the dev bucket - ticket OPS-481';
const LEASE_SECONDS = 900;

/**
 * Tells the story with role `s3-deploy` of an environment.
 * @throws {SandboxError} when the environment has no such role, opened by MFA, with a parameter `release`.
 */
export function tellStory(sandbox: Sandbox, environment: Environment): Story {
  const stage = setStage(environment);
  let event: Event | undefined;
  return {
    scenes: scenes(sandbox, stage, (found) => {
      event = found;
    }),
    event: () => event,
  };
}

interface Stage {
  readonly environment: Environment;
  readonly role: Role;
  readonly userName: string;
  readonly bucket: string;
}

function setStage(environment: Environment): Stage {
  const role = environment.roles.find(({ name }) => name === DEMO_ROLE);
  const [agent] = role ? mfaAgents(role, environment) : [];
  const pattern = role?.allow
    .flatMap(({ resources }) => resources)
    .find((resource) => resource.includes('/${param.release}/'));
  const bucket = /:s3:::([^/$]+)\//.exec(pattern ?? '')?.[1];
  if (!role || !agent || bucket === undefined) {
    throw new SandboxError(
      `Environment ${environment.name} has no role ${DEMO_ROLE} that an agent opens by MFA for one release of a bucket`,
      'Tell the story with the reference project: `leasehold sandbox --demo roles`, in the folder of Leasehold.',
    );
  }
  return { environment, role, userName: agentName(agent, environment), bucket };
}

async function* scenes(
  sandbox: Sandbox,
  stage: Stage,
  found: (event: Event | undefined) => void,
): AsyncIterable<Scene> {
  const { bucket } = stage;
  const device = sandbox.enrolMfaDevice('oncall');
  const code = device.code();
  const ask = (id: string, mfa: boolean) =>
    askForLease(sandbox, stage, id, mfa ? { serial: device.serialNumber, code } : undefined);
  const asked = `sts:AssumeRole ${DEMO_ROLE} release=${RELEASE}`;

  const alone = await ask(`${LEASE_ID_PREFIX}demo-1`, false);
  yield {
    title: 'The agent asks by itself.',
    call: `${asked}, no code`,
    ...outcomeOf(alone),
    moral: 'Its own key can ask, and nothing else.',
  };

  const lease = await ask(`${LEASE_ID_PREFIX}demo-2`, true);
  found(sandbox.log.last);
  const credentials = credentialsOf(lease);
  yield {
    title: 'The on-call engineer reads the reason and gives the code of the moment.',
    call: `${asked}, with the code`,
    ...outcomeOf(lease, 'a lease for 15 minutes'),
    moral: `Reason, release and lease id are on the session: “${REASON}”.`,
  };

  const inside = await upload(sandbox, stage, credentials, `${RELEASE}/app.js`);
  yield {
    title: 'It uploads inside its release.',
    call: `s3:PutObject s3://${bucket}/${RELEASE}/app.js`,
    ...outcomeOf(inside, 'allowed'),
    moral: 'The one thing that the lease is for.',
  };

  const outside = await upload(sandbox, stage, credentials, '1.4.20/app.js');
  yield {
    title: 'It tries the release next door.',
    call: `s3:PutObject s3://${bucket}/1.4.20/app.js`,
    ...outcomeOf(outside),
    moral: 'The parameter is a session tag: IAM itself holds the lease to one release.',
  };

  const again = await ask(`${LEASE_ID_PREFIX}demo-3`, true);
  yield {
    title: 'It asks again with the same code.',
    call: `${asked}, the same code`,
    ...outcomeOf(again),
    moral: 'One code, one lease.',
  };

  sandbox.clock.advance(LEASE_SECONDS + 60);
  const late = await upload(sandbox, stage, credentials, `${RELEASE}/app.js`);
  yield {
    title: 'Sixteen minutes later it uploads once more.',
    call: `s3:PutObject s3://${bucket}/${RELEASE}/app.js`,
    ...outcomeOf(late),
    moral: 'Nothing had to be revoked: the power ended by itself.',
  };
}

function askForLease(
  sandbox: Sandbox,
  { environment, role, userName }: Stage,
  id: string,
  mfa: { readonly serial: string; readonly code: string } | undefined,
): Promise<Incoming> {
  const tags = [
    [LEASE_ID_TAG, id],
    [REASON_TAG, REASON],
    [parameterTag('release'), RELEASE],
  ] as const;
  const parameters = new URLSearchParams({
    Action: 'AssumeRole',
    Version: '2011-06-15',
    RoleArn: roleArn(role, environment),
    RoleSessionName: id,
    SourceIdentity: userName,
    DurationSeconds: String(LEASE_SECONDS),
    ...(mfa === undefined ? {} : { SerialNumber: mfa.serial, TokenCode: mfa.code }),
    ...Object.fromEntries(
      tags.flatMap(([key, value], index) => [
        [`Tags.member.${index + 1}.Key`, key],
        [`Tags.member.${index + 1}.Value`, value],
      ]),
    ),
  });
  return signedCall({
    endpoint: sandbox.url,
    region: environment.region,
    service: 'sts',
    credentials: sandbox.keysOf(userName),
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: parameters.toString(),
  });
}

function upload(
  sandbox: Sandbox,
  { environment, bucket }: Stage,
  credentials: Credentials,
  key: string,
): Promise<Incoming> {
  return signedCall({
    endpoint: sandbox.url,
    region: environment.region,
    service: 's3',
    credentials,
    method: 'PUT',
    path: `/${bucket}/${key}`,
    headers: { 'content-type': 'text/javascript' },
    body: 'console.log("Hermes 1.4.2");\n',
  });
}

function credentialsOf({ status, text }: Incoming): Credentials {
  if (status !== 200)
    throw new SandboxError('The lease of the story was refused', 'Check the role with `leasehold explain`.');
  const issued = child(child(readXml(text), 'AssumeRoleResult'), 'Credentials');
  return new Credentials({
    accessKeyId: textOf(issued, 'AccessKeyId'),
    secretAccessKey: textOf(issued, 'SecretAccessKey'),
    sessionToken: textOf(issued, 'SessionToken'),
    expiration: new Date(textOf(issued, 'Expiration')),
  });
}

/** How an answer came out. Of a granted one nothing is repeated: it may hold credentials. */
function outcomeOf({ status, text }: Incoming, achieved = 'allowed'): Pick<Scene, 'allowed' | 'outcome' | 'sentence'> {
  if (status < 300) return { allowed: true, outcome: achieved };
  const root = readXml(text);
  const error = root.name === 'Error' ? root : child(root, 'Error');
  return { allowed: false, outcome: textOf(error, 'Code'), sentence: textOf(error, 'Message') };
}
