/**
 * The function that serves the files of the console. It can only write its own log. Its code is the same in every
 * environment; only its environment variables differ.
 */
import { CONSOLE_PATH, CONSOLE_SETTINGS_PATH } from '@leasehold/contract/console-site';
import type { Environment, People } from '@leasehold/definitions';
import type { PolicyDocument, Statement } from '@leasehold/policy';
import { dnsSuffix, type EnvironmentNames, iamArn, stackName } from '../names';
import { brokerStage, logGroupArn } from './names';
import { requestedScope } from './sign-in';

/** IAM path of the function's role. The path is separate from the paths of purpose roles and of agents. */
export const CONSOLE_ROLE_PATH = '/leasehold-console/';

/** Whether an environment has a console, which is the case if people sign in. */
export function hasConsole({ broker }: Environment): boolean {
  return broker?.people !== undefined;
}

/** Name of the function, and of its role. */
export function consoleFunctionName(environment: EnvironmentNames): string {
  return `${stackName(environment)}-console`;
}

/** ARN of the function. */
export function consoleFunctionArn(environment: EnvironmentNames): string {
  const { partition, region, account } = environment;
  return `arn:${partition}:lambda:${region}:${account}:function:${consoleFunctionName(environment)}`;
}

/** ARN of the function's role. */
export function consoleRoleArn(environment: EnvironmentNames): string {
  return iamArn(environment, `role${CONSOLE_ROLE_PATH}${consoleFunctionName(environment)}`);
}

/** Name of the function's log group. Lambda requires this form of the name. */
export function consoleLogGroup(environment: EnvironmentNames): string {
  return `/aws/lambda/${consoleFunctionName(environment)}`;
}

/** The function's runtime, handler, timeout in seconds and memory in megabytes. */
export const CONSOLE_FUNCTION_SETTINGS = {
  runtime: 'nodejs22.x',
  /** Exported by `index.js`. */
  handler: 'index.handler',
  timeout: 10,
  memorySize: 256,
} as const;

/** The keys of the routes that the function serves. They require no signature: the files contain no secret. */
export const CONSOLE_ROUTES = {
  start: `GET ${CONSOLE_PATH}`,
  files: `GET ${CONSOLE_PATH}/{proxy+}`,
  settings: `GET ${CONSOLE_SETTINGS_PATH}`,
} as const;

/** The trust policy of the function's role. Only the Lambda service can assume it. */
export function consoleTrust(): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
}

const LOG_ACTIONS = ['logs:CreateLogStream', 'logs:PutLogEvents'] as const;
/** With this call, Lambda decrypts the function's variables on behalf of the function's role. */
const DECRYPT = 'kms:Decrypt';

/** The only policy of the function's role. It permits writing the function's own log. */
export function consolePermissions(environment: Environment): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [{ Sid: 'Log', Effect: 'Allow', Action: LOG_ACTIONS, Resource: logStreams(environment) }],
  };
}

/**
 * The boundary of the function's role: the same permission as in the role's policy, and explicit deny statements for
 * everything else. It also allows the decryption of the function's own variables, which only the key's own policy
 * permits. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html
 */
export function consoleBoundary(environment: Environment): PolicyDocument {
  const actions = [DECRYPT, ...LOG_ACTIONS];
  return {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Console', Effect: 'Allow', Action: actions, Resource: '*' },
      { Sid: 'NothingElse', Effect: 'Deny', NotAction: actions, Resource: '*' },
      { Sid: 'OnlyItsLog', Effect: 'Deny', Action: LOG_ACTIONS, NotResource: logStreams(environment) },
      onlyItsVariables(environment),
    ],
  };
}

function onlyItsVariables(environment: Environment): Statement {
  return {
    Sid: 'OnlyItsVariables',
    Effect: 'Deny',
    Action: DECRYPT,
    Resource: '*',
    Condition: {
      StringNotEquals: { 'kms:EncryptionContext:aws:lambda:FunctionArn': consoleFunctionArn(environment) },
    },
  };
}

function logStreams(environment: Environment): string {
  return `${logGroupArn(consoleLogGroup(environment), environment)}:*`;
}

/** The function's variables. None contains a secret. */
export const CONSOLE_VARIABLES = {
  /** Address of the assistant. If this variable is not set, there is none. */
  assistant: 'LEASEHOLD_CONSOLE_ASSISTANT',
  /** Path of the API for browsers, with a slash at the end: `/` at the console's own domain. */
  base: 'LEASEHOLD_CONSOLE_BASE',
  clientId: 'LEASEHOLD_CONSOLE_CLIENT',
  /**
   * The only host name at which the function serves the page. If this variable is not set, the function serves the page
   * at every host name.
   */
  host: 'LEASEHOLD_CONSOLE_HOST',
  issuer: 'LEASEHOLD_CONSOLE_ISSUER',
  /** Origins that the page may call in addition to its own, separated by spaces. */
  origins: 'LEASEHOLD_CONSOLE_ORIGINS',
  /** Scopes of the sign-in, separated by spaces. */
  scope: 'LEASEHOLD_CONSOLE_SCOPE',
} as const;

/** The function's variables that are known at synth. The issuer and the client of a user pool are not. */
export function consoleVariables(environment: Environment, people: People): Readonly<Record<string, string>> {
  const { signIn } = people;
  const { domain: host, assistant: address } = environment.broker?.console ?? {};
  const { assistant, base, clientId, host: hostVariable, issuer, origins, scope } = CONSOLE_VARIABLES;
  return {
    [base]: host === undefined ? `/${brokerStage(environment)}/` : '/',
    ...(host === undefined ? {} : { [hostVariable]: host }),
    ...(address === undefined ? {} : { [assistant]: address }),
    [origins]: calledOrigins(environment, people).join(' '),
    [scope]: [...new Set(['openid', requestedScope(people)])].join(' '),
    ...(signIn.type === 'oidc' ? { [clientId]: signIn.clientId, [issuer]: signIn.issuer } : {}),
  };
}

/**
 * Origins that the page calls when somebody signs in. The discovery document of a user pool is at the issuer, and its
 * token endpoint at the domain of the sign-in pages. Sources:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html
 * https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html
 */
function calledOrigins(environment: Environment, { signIn }: People): readonly string[] {
  if (signIn.type === 'oidc') return [new URL(signIn.issuer).origin];
  const { partition, region } = environment;
  const auth = partition === 'aws-us-gov' ? 'auth-fips' : 'auth';
  return [
    `https://cognito-idp.${region}.${dnsSuffix(environment)}`,
    `https://${signIn.domain}.${auth}.${region}.amazoncognito.com`,
  ];
}
