/**
 * Starts a broker on a developer's machine. The function's own handler runs behind the sandbox's HTTP API. Its tables
 * are in memory behind the sandbox's DynamoDB, and it uses the sandbox's STS and IAM. The handler makes every call
 * through the sandbox as the function's role, so the role's deployed policies apply here, too.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ReviewerPort, Telemetry } from '@leasehold/broker';
import { type AwsPorts, awsPorts, type RecordSeal } from '@leasehold/broker/adapters/aws';
import { createHandler, type Handler } from '@leasehold/broker/http';
import { composePorts } from '@leasehold/broker/lambda';
import { defined } from '@leasehold/contract/defined';
import { OPERATIONS, peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { Definitions, Environment } from '@leasehold/definitions';
import { loadDefinitions, renderFindings } from '@leasehold/definitions';
import { brokerConfig, brokerStage, readBrokerConfig, SWEEP_EVENT } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { type Sandbox, SandboxError, startSandbox } from '@leasehold/sandbox';
import { consoleFiles, consoleFolder } from './console-files';
import { Dev } from './dev';
import { type LocalDynamoDb, startDynamoDb, useDynamoDb } from './dynamodb';
import { functionCredentials } from './function-credentials';
import type { DevOptions } from './options';
import { chooseReviewer } from './reviewer';
import { type DevSignIn, startSignIn } from './sign-in';

/** Timeouts in milliseconds for calls on the loopback interface, long enough for a busy machine. */
const TIMEOUTS = { connect: 10_000, request: 25_000 };
/** Milliseconds between two sweeps. Sweeps run once a minute, like the deployed schedule. */
const SWEEP_EVERY = 60_000;

/**
 * Maximum number of leases to keep. The oldest leases are deleted, so that a run of several days does not fill the
 * memory.
 */
const MOST_LEASES = 5000;

/** HTTP status for a request that needs an approval. */
const WAITS = 202;

/**
 * Starts a broker on the loopback interface.
 * @throws {SandboxError} when the definitions have errors, a guardrail's among them, or no broker.
 * @example
 * const dev = await startDev({ source: { paths: 'roles' } });
 * const broker = createBrokerClient({ ...dev.broker, credentials: { ...dev.sandbox.keys } });
 */
export async function startDev(options: DevOptions = {}): Promise<Dev> {
  const definitions = await definitionsOf(options);
  const environment = environmentOf(definitions, options.environment);
  const reviewer = chooseReviewer(options.reviewer ?? 'none', environment);
  const dynamodb = await (options.dynamodb === undefined
    ? startDynamoDb(environment)
    : useDynamoDb(options.dynamodb, environment));
  try {
    return await behind(dynamodb, definitions, environment, { ...options, reviewer });
  } catch (error) {
    await dynamodb.stop();
    throw error;
  }
}

async function behind(
  dynamodb: LocalDynamoDb,
  definitions: Definitions,
  environment: Environment,
  options: DevOptions & { readonly reviewer: ReviewerPort | 'none' },
): Promise<Dev> {
  const { telemetry = QUIET, reviewer, port, backing, logFile, onWaiting, assistant, users } = options;
  const { people } = environment.broker ?? {};
  const folder = consoleFolder(options.consoleFolder);
  const stage = brokerStage(environment);
  let handle: Handler | undefined;
  let verify: NonNullable<ReturnType<typeof composePorts>['signIn']>['verify'] | undefined;
  let fileAt: ReturnType<typeof consoleFiles> | undefined;
  const sandbox = await startSandbox({
    source: { definitions },
    environment: environment.name,
    backings: { dynamodb: dynamodb.url },
    apis: {
      [stage]: {
        ...(people && {
          withToken: {
            routes: Object.fromEntries(OPERATIONS.map((operation) => [operation, peopleRoute(ROUTES[operation])])),
            verify: async (token) => {
              if (verify === undefined) throw new TypeError('the issuer is not there yet');
              const { issuer: iss, sub } = await verify(token);
              return { iss, sub };
            },
          },
        }),
        file: (path) => fileAt?.(path),
        handler: async (event) => {
          if (handle === undefined) throw new TypeError('the function is not there yet');
          const result = await handle(event);
          if (result.statusCode === WAITS) onWaiting?.(JSON.parse(result.body).lease.id);
          return result;
        },
      },
    },
    ...defined({ port, backing, logFile }),
  });
  const address = `http://localhost:${new URL(sandbox.url).port}/${stage}`;
  const signIn = await (
    people &&
    startSignIn({
      environment,
      people,
      address,
      servesConsole: folder !== undefined,
      ...defined({ assistant, users }),
    })
  )?.catch(async (error: unknown) => {
    await sandbox.stop();
    throw error;
  });
  const { handler, ports } = functionOf({
    sandbox,
    deployed: environment,
    telemetry,
    reviewer,
    seal: dynamodb.seal,
    signIn,
  });
  handle = handler;
  verify = ports.signIn?.verify;
  fileAt = signIn && consoleFiles(folder, `/${stage}`, signIn.settings);
  const sweep = async () => {
    await handler(SWEEP_EVENT);
    await dynamodb.forget(MOST_LEASES);
  };
  const timer = setInterval(() => {
    sweep().catch((error) => telemetry.error('sweep', error));
  }, SWEEP_EVERY).unref();
  const stop = async () => {
    clearInterval(timer);
    await signIn?.stop();
    await sandbox.stop();
    await dynamodb.stop();
  };
  return new Dev({ environment, sandbox, sweep, stop, ...defined({ signIn }) });
}

interface FunctionParts {
  readonly sandbox: Sandbox;
  readonly deployed: Environment;
  readonly telemetry: Telemetry;
  readonly reviewer: ReviewerPort | 'none';
  readonly seal: RecordSeal;
  readonly signIn: DevSignIn | undefined;
}

/** The function, started in the same way as by Lambda: with its bundle file and its role's credentials. */
function functionOf({ sandbox, deployed, telemetry, reviewer, seal, signIn }: FunctionParts) {
  const configured = readBrokerConfig(brokerConfig(deployed));
  const environment = signIn?.replacedIn(configured) ?? configured;
  const clock = () => Math.floor(sandbox.clock.now() / 1000);
  const { url } = sandbox;
  const aws = awsPorts({
    environment,
    credentials: functionCredentials(sandbox, deployed),
    // No call leaves the machine.
    endpoints: { dynamodb: url, iam: url, secretsmanager: url, signin: url, sts: url },
    timeouts: TIMEOUTS,
    records: { seal },
    clock,
  });
  const site = signIn && { pool: signIn.pool, relyingParty: relyingPartyAt(signIn.address) };
  // Nobody reads the health of a local broker, and no model is asked without a request.
  const { health: _, issuer, ...withoutHealth } = aws;
  // There is no AWS console here for signing in.
  const local: AwsPorts = { ...withoutHealth, issuer: { cut: (cut) => issuer.cut(cut) } };
  const ports = composePorts({ environment, aws: local, telemetry, clock, reviewer, ...site });
  // With `ref: false`, the process can end while a client waits for a lease.
  const pause = (milliseconds: number) => wait(milliseconds, undefined, { ref: false });
  return { handler: createHandler({ ...ports, pause }, environment), ports };
}

/** The site at which people use passkeys. Browsers permit passkeys without TLS only on `localhost`. */
function relyingPartyAt(address: string): { readonly id: string; readonly origin: string } {
  const { hostname: id, origin } = new URL(address);
  return { id, origin };
}

const QUIET: Telemetry = {
  count: () => undefined,
  issueLatency: () => undefined,
  answered: () => undefined,
  error: () => undefined,
};

/** Definitions from files must pass every guardrail, like deployed definitions. */
async function definitionsOf({ source = { paths: 'roles' } }: DevOptions): Promise<Definitions> {
  if ('definitions' in source) return source.definitions;
  const loaded = loadDefinitions(source.paths);
  const today = new Date().toISOString().slice(0, 10);
  const checked = loaded.definitions && (await checkDefinitions(loaded.definitions, { today })).findings;
  const findings = [...loaded.findings, ...(checked ?? [])].filter(({ severity }) => severity === 'error');
  if (loaded.definitions && findings.length === 0) return loaded.definitions;
  throw new SandboxError(
    `The definitions have errors:\n${renderFindings(findings, { color: false })}`,
    'Fix them; `leasehold validate` shows them too.',
  );
}

function environmentOf({ environments }: Definitions, name: string | undefined): Environment {
  const found = environments.find((each) => (name === undefined ? each.broker !== undefined : each.name === name));
  if (found?.broker) return found;
  if (found === undefined && name !== undefined) {
    const names = environments.map((each) => each.name).join(', ');
    throw new SandboxError(`There is no environment ${name}`, `Name one of: ${names}.`);
  }
  throw new SandboxError(
    found === undefined ? 'No environment has a broker' : `Environment ${found.name} has no broker`,
    'Add a document of `kind: Broker`.',
  );
}
