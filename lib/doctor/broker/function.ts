/** The broker's function: its code, settings, callers, and who else runs as its role. */
import type { Environment } from '@leasehold/definitions';
import {
  brokerFunctionArn,
  brokerName,
  brokerRoleArn,
  brokerStage,
  brokerVariables,
  dnsSuffix,
  RECORD_KEY_VARIABLE,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_VARIABLE,
  watchName,
} from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { damageBy, judge } from '../roles/judge';
import { Unread } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { brokerApis } from './api';
import { recordKeyId } from './record-key';

export const withBroker = ({ broker }: Environment) => broker !== undefined;

const RUNTIME = 'nodejs22.x';
const HANDLER = 'index.handler';

export const brokerFunction: AccountVerification = {
  id: 'broker-function',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function has the deployed role, variables and settings",
  why: 'A layer, another handler, another role or a variable can run other code as the broker, or write its secrets into a log.',
  applies: withBroker,
  verify: async (context) => {
    const { environment } = context;
    const found = await configuration(context);
    const damage = (message: string): Damage => ({
      kind: 'damage',
      place: brokerFunctionArn(environment),
      message,
      hint: 'Find out who changed the function, then apply the stack again.',
    });
    if (found === undefined) return [damage('The function does not exist.')];
    const {
      [RECORD_KEY_VARIABLE]: key = '',
      [USER_POOL_VARIABLE]: pool,
      [USER_POOL_CLIENT_VARIABLE]: client,
      ...variables
    } = found.Environment?.Variables ?? {};
    const ownPool = environment.broker?.people?.signIn.type === 'cognito';
    // AWS generates both ids; the pool must be one of the region.
    const poolIsRight = ownPool
      ? isPool(pool, environment) && Boolean(client)
      : pool === undefined && client === undefined;
    const keyId = await recordKeyId(context);
    const expected = brokerVariables(environment);
    const differing = [...new Set([...Object.keys(variables), ...Object.keys(expected)])]
      .filter((name) => variables[name] !== expected[name])
      .sort();
    return [
      ...(found.Role === brokerRoleArn(environment) ? [] : [damage(`The function runs as ${found.Role}.`)]),
      ...(found.Handler === HANDLER && found.Runtime === RUNTIME
        ? []
        : [damage(`The function runs ${found.Handler} with ${found.Runtime}.`)]),
      ...((found.Layers ?? []).length > 0 ? [damage('The function has layers, which contain other code.')] : []),
      ...((found.FileSystemConfigs ?? []).length > 0 ? [damage('The function mounts a file system.')] : []),
      // Names only: a value may be a secret.
      ...(differing.length > 0 ? [damage(`Environment variables differ: ${differing.join(', ')}.`)] : []),
      ...(poolIsRight
        ? []
        : [
            damage(
              `The variables ${USER_POOL_VARIABLE} and ${USER_POOL_CLIENT_VARIABLE} name other issuers of tokens than deployed.`,
            ),
          ]),
      ...(keyId !== undefined && key.endsWith(`:key/${keyId}`)
        ? []
        : [damage(`The variable ${RECORD_KEY_VARIABLE} names another key than the alias of the records.`)]),
      ...(found.State === undefined || found.State === 'Active' ? [] : [damage(`The function is ${found.State}.`)]),
    ];
  },
};

export const brokerCode: AccountVerification = {
  id: 'broker-code',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function runs the code of the plan",
  why: 'The code and the definitions are packed together. The same definitions and version give the same hash on every machine.',
  applies: withBroker,
  verify: async (context) => {
    const found = await configuration(context);
    if (found === undefined) return [];
    if (context.brokerCode === undefined) {
      throw new Unread({
        code: 'unreadable',
        message: 'the hash of the deployed code is not known',
        hint: 'Run `leasehold doctor`, which packs the code.',
      });
    }
    if (found.CodeSha256 === context.brokerCode) return [];
    return [
      {
        kind: 'damage',
        place: brokerFunctionArn(context.environment),
        message: `The function runs code with the hash ${found.CodeSha256}, and the definitions give ${context.brokerCode}.`,
        hint: 'If you deployed another version of Leasehold or of the definitions, verify with that one. Otherwise find out who changed the code.',
      },
    ];
  },
};

export const brokerCallers: AccountVerification = {
  id: 'broker-callers',
  part: 'broker',
  severity: 'critical',
  title: "Only the broker's API and its schedule may call the function",
  why: "The function cannot distinguish a forged event from API Gateway's: whoever calls it directly is any agent, approver or administrator.",
  applies: withBroker,
  verify: async (context) => {
    const { environment, live } = context;
    const { partition, region, account } = environment;
    const place = brokerFunctionArn(environment);
    const [found, apis] = await Promise.all([
      live.aws.find('lambda', 'GetPolicy', { FunctionName: brokerName(environment) }),
      brokerApis(context),
    ]);
    const hint = 'Find out who changed the policy of the function, then apply the stack again.';
    if (found === undefined) {
      if ((await configuration(context)) === undefined) return [];
      return [{ kind: 'damage', place, severity: 'high', message: 'Nothing may call the function.', hint }];
    }
    const caller = (service: string, source: string) => ({
      Effect: 'Allow' as const,
      Principal: { Service: service },
      Action: 'lambda:InvokeFunction',
      Resource: place,
      Condition: { ArnLike: { 'AWS:SourceArn': source } },
    });
    const deployed: PolicyDocument = {
      Version: '2012-10-17',
      Statement: [
        caller(
          'events.amazonaws.com',
          `arn:${partition}:events:${region}:${account}:rule/${watchName(environment)}-sweep`,
        ),
        ...apis.map((id) =>
          caller(
            'apigateway.amazonaws.com',
            `arn:${partition}:execute-api:${region}:${account}:${id}/${brokerStage(environment)}/*`,
          ),
        ),
      ],
    };
    return damageBy(judge('resource', [deployed], [found.Policy ?? '']), {
      place,
      what: 'The policy of the function',
      hint,
      wider: 'critical',
    });
  },
};

export const brokerRoleElsewhere: AccountVerification = {
  id: 'broker-role-elsewhere',
  part: 'broker',
  severity: 'critical',
  title: "No other function runs as the broker's role",
  why: 'Whoever can change the code of such a function can open every role of the broker.',
  applies: withBroker,
  verify: async ({ environment, live }) => {
    const pages = await live.aws.all('lambda', 'ListFunctions', {});
    return pages
      .flatMap(({ Functions = [] }) => Functions)
      .filter(
        ({ Role, FunctionName }) => Role === brokerRoleArn(environment) && FunctionName !== brokerName(environment),
      )
      .map(({ FunctionArn = '', FunctionName = '' }) => ({
        kind: 'damage',
        place: FunctionArn,
        message: `The function ${FunctionName} runs as the broker's role.`,
        hint: 'Give it another role, and find out who created it.',
      }));
  },
};

/** Whether a variable names a user pool of the region. */
function isPool(issuer: string | undefined, environment: Environment): boolean {
  const { region } = environment;
  const start = `https://cognito-idp.${region}.${dnsSuffix(environment)}/${region}_`;
  return issuer?.startsWith(start) === true && /^[A-Za-z0-9]+$/.test(issuer.slice(start.length));
}

function configuration({ environment, live }: AccountContext) {
  return live.aws.find('lambda', 'GetFunctionConfiguration', { FunctionName: brokerName(environment) });
}
