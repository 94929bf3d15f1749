/** The demo: an agent tests the permissions of a lease, with real calls to a sandbox over HTTP. */
import { defined } from '@leasehold/contract/defined';
import type { Environment, Role } from '@leasehold/definitions';
import { agentName, LEASE_ID_PREFIX, mfaAgents, roleArn } from '@leasehold/documents';
import { askForLease, StsRefusal } from '../ask';
import type { Credentials } from '../credentials/credentials';
import { SandboxError } from '../errors';
import type { Event } from '../log';
import type { Sandbox } from '../sandbox';
import { signedCall } from '../sigv4/signed-call';
import { readXml } from '../wire/read-xml';

/** One scene of the demo: a call and AWS's response. No field contains a secret. */
export interface Scene {
  /** What happens, as one sentence. */
  readonly title: string;
  /** The call in short form, for example `s3:PutObject s3://bucket/key`. */
  readonly call: string;
  /** Whether the call was allowed. */
  readonly allowed: boolean;
  /** The result of the call or, if it failed, the HTTP status and the error code. */
  readonly outcome: string;
  /** AWS's own message, if there is one. */
  readonly sentence?: string;
  /** The behavior that the scene demonstrates, as one sentence. */
  readonly moral: string;
}

/** The scenes of the demo. */
export interface Story {
  readonly scenes: AsyncIterable<Scene>;
  /** The CloudTrail event of the lease, available after the last scene. */
  readonly event: () => Event | undefined;
}

/** The role that the demo uses. */
export const DEMO_ROLE = 's3-deploy';
const RELEASE = '1.4.2';
const REASON = 'Deploy build 1.4.2 to the dev bucket - ticket OPS-481';
const LEASE_SECONDS = 900;

/**
 * Runs the demo with the role `s3-deploy` of an environment.
 * @throws {SandboxError} if the environment does not have this role, or the role does not have the gate `mfa` and a
 *   parameter `release`.
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
      `Environment ${environment.name} has no role ${DEMO_ROLE} that an agent can assume with MFA for one release of a bucket`,
      'Run the demo with the reference project: `leasehold sandbox --demo roles`, in the folder of Leasehold.',
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
  const codeOfTheMoment = { serialNumber: device.serialNumber, code: device.code() };
  const asked = `sts:AssumeRole ${DEMO_ROLE} release=${RELEASE}`;

  const alone = await outcomeOf(ask(sandbox, stage, `${LEASE_ID_PREFIX}demo-1`, undefined));
  yield {
    title: 'The agent requests a lease without a code.',
    call: `${asked}, no code`,
    ...alone,
    moral: 'The agent cannot get a lease without a human.',
  };

  const credentials = await ask(sandbox, stage, `${LEASE_ID_PREFIX}demo-2`, codeOfTheMoment);
  found(sandbox.log.last);
  yield {
    title: 'The on-call engineer reads the reason and gives the current MFA code.',
    call: `${asked}, with the code`,
    allowed: true,
    outcome: 'a lease for 15 minutes',
    moral: `The tags of the session contain the reason, the release and the lease id: “${REASON}”.`,
  };

  const inside = await upload(sandbox, stage, credentials, `${RELEASE}/app.js`);
  yield {
    title: 'The agent uploads a file of its release.',
    call: `s3:PutObject s3://${bucket}/${RELEASE}/app.js`,
    ...inside,
    moral: 'The lease permits only such uploads.',
  };

  const outside = await upload(sandbox, stage, credentials, '1.4.20/app.js');
  yield {
    title: 'The agent tries to upload to another release.',
    call: `s3:PutObject s3://${bucket}/1.4.20/app.js`,
    ...outside,
    moral: 'The parameter is a session tag, so IAM itself limits the lease to one release.',
  };

  const again = await outcomeOf(ask(sandbox, stage, `${LEASE_ID_PREFIX}demo-3`, codeOfTheMoment));
  yield {
    title: 'The agent asks again with the same code.',
    call: `${asked}, the same code`,
    ...again,
    moral: 'Each code is valid for one lease.',
  };

  sandbox.clock.advance(LEASE_SECONDS + 60);
  const late = await upload(sandbox, stage, credentials, `${RELEASE}/app.js`);
  yield {
    title: 'Sixteen minutes later the agent uploads again.',
    call: `s3:PutObject s3://${bucket}/${RELEASE}/app.js`,
    ...late,
    moral: 'The lease ended by itself; nothing had to be revoked.',
  };
}

function ask(
  sandbox: Sandbox,
  { environment, role, userName }: Stage,
  id: string,
  mfa: { readonly serialNumber: string; readonly code: string } | undefined,
): Promise<Credentials> {
  return askForLease({
    endpoint: sandbox.url,
    region: environment.region,
    credentials: sandbox.keysOf(userName),
    userName,
    roleArn: roleArn(role, environment),
    id,
    reason: REASON,
    parameters: { release: RELEASE },
    seconds: LEASE_SECONDS,
    ...defined({ mfa }),
  });
}

/** The outcome of a request for a lease. The response itself is not included, because it contains credentials. */
async function outcomeOf(asked: Promise<Credentials>): Promise<Outcome> {
  try {
    await asked;
    return ALLOWED;
  } catch (error) {
    if (!(error instanceof StsRefusal)) throw error;
    return { allowed: false, outcome: error.code, sentence: error.sentence };
  }
}

/** Uploads a file and returns the outcome. */
async function upload(
  sandbox: Sandbox,
  { environment, bucket }: Stage,
  credentials: Credentials,
  key: string,
): Promise<Outcome> {
  const { status, text } = await signedCall({
    endpoint: sandbox.url,
    region: environment.region,
    service: 's3',
    credentials,
    method: 'PUT',
    path: `/${bucket}/${key}`,
    headers: { 'content-type': 'text/javascript' },
    body: 'console.log("Hermes 1.4.2");\n',
  });
  if (status < 300) return ALLOWED;
  const error = readXml(
    text,
    () => new SandboxError('The response of S3 is not XML', 'Run the demo in a new sandbox.'),
  );
  const textOf = (name: string) => error.children.find((child) => child.name === name)?.text ?? '';
  return { allowed: false, outcome: textOf('Code'), sentence: textOf('Message') };
}

type Outcome = Pick<Scene, 'allowed' | 'outcome' | 'sentence'>;

const ALLOWED: Outcome = { allowed: true, outcome: 'allowed' };
