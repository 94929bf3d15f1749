/** Verifies the broker's function: its code, settings and callers. */
import type { Environment } from '@leasehold/definitions';
import {
  brokerFunctionArn,
  brokerLogGroup,
  brokerName,
  brokerRoleArn,
  brokerStage,
  brokerVariables,
  FUNCTION_SETTINGS,
  RECORD_KEY_VARIABLE,
  sweepRuleName,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_VARIABLE,
} from '@leasehold/documents';
import type { PolicyDocument } from '@leasehold/policy';
import { damageBy, judge } from '../roles/judge';
import { present, Unread } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { brokerApis } from './apis';
import { recordKeyId } from './record-key';
import { deployedTokens } from './sign-in';

export const withBroker = ({ broker }: Environment) => broker !== undefined;

export const brokerFunction: AccountVerification = {
  id: 'broker-function',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function has the deployed role, variables and settings",
  why: 'A layer, a different handler or role, or an added or changed variable can make other code run as the broker, or write secrets to a log.',
  applies: withBroker,
  verify: async (context) => {
    const { environment } = context;
    const found = await configuration(context);
    const damage = (message: string): Damage => ({
      kind: 'damage',
      place: brokerFunctionArn(environment),
      message,
      hint: 'Find out who changed the broker function, then apply the stack again.',
    });
    if (found === undefined) return [damage('The function does not exist.')];
    const {
      [RECORD_KEY_VARIABLE]: key = '',
      [USER_POOL_VARIABLE]: pool,
      [USER_POOL_CLIENT_VARIABLE]: client,
      ...variables
    } = found.Environment?.Variables ?? {};
    const ownPool = environment.broker?.people?.signIn.type === 'cognito';
    const poolIsRight = ownPool
      ? (await deployedTokens(context)).some(({ issuer, audience }) => issuer === pool && audience === client)
      : pool === undefined && client === undefined;
    const keyId = await recordKeyId(context);
    const of = <T>(value: T | undefined, field: string) => present(value, field, 'lambda:GetFunctionConfiguration');
    const [role, handler, runtime, timeout, state] = [
      of(found.Role, 'Role'),
      of(found.Handler, 'Handler'),
      of(found.Runtime, 'Runtime'),
      of(found.Timeout, 'Timeout'),
      of(found.State, 'State'),
    ];
    const expected = brokerVariables(environment);
    const differing = [...new Set([...Object.keys(variables), ...Object.keys(expected)])]
      .filter((name) => variables[name] !== expected[name])
      .sort();
    return [
      ...(role === brokerRoleArn(environment) ? [] : [damage(`The function runs as ${role}.`)]),
      ...(handler === FUNCTION_SETTINGS.handler && runtime === FUNCTION_SETTINGS.runtime && found.PackageType === 'Zip'
        ? []
        : [damage(`The broker function runs ${handler} with ${runtime}.`)]),
      ...(timeout === FUNCTION_SETTINGS.timeout
        ? []
        : [{ ...damage(`The broker function may run for ${timeout} seconds.`), severity: 'medium' as const }]),
      ...(found.VpcConfig?.VpcId
        ? [damage('The broker function runs in a VPC, which can redirect the calls of the function.')]
        : []),
      ...(found.DeadLetterConfig?.TargetArn
        ? [damage(`The broker function sends failed events to ${found.DeadLetterConfig.TargetArn}.`)]
        : []),
      ...((found.LoggingConfig?.LogGroup ?? brokerLogGroup(environment)) === brokerLogGroup(environment)
        ? []
        : [damage(`The broker function writes its log to ${found.LoggingConfig?.LogGroup}.`)]),
      ...((found.Layers ?? []).length > 0
        ? [damage('The broker function has layers, which contain code that Leasehold did not deploy.')]
        : []),
      ...((found.FileSystemConfigs ?? []).length > 0 ? [damage('The function mounts a file system.')] : []),
      // Reports names only, because a value may be a secret.
      ...(differing.length > 0 ? [damage(`Environment variables differ: ${differing.join(', ')}.`)] : []),
      ...(poolIsRight
        ? []
        : [
            damage(
              `The variables ${USER_POOL_VARIABLE} and ${USER_POOL_CLIENT_VARIABLE} name a token issuer that was not deployed.`,
            ),
          ]),
      ...(keyId !== undefined && key.endsWith(`:key/${keyId}`)
        ? []
        : [
            damage(
              `The variable ${RECORD_KEY_VARIABLE} does not name the KMS key that the alias for the records points to.`,
            ),
          ]),
      ...(state === 'Active' ? [] : [{ ...damage(`The function is ${state}.`), severity: 'high' as const }]),
    ];
  },
};

export const brokerCode: AccountVerification = {
  id: 'broker-code',
  part: 'broker',
  severity: 'critical',
  title: "The broker's function runs the deployed code",
  why: 'The broker code and the definitions are packaged together. The same definitions and the same version of Leasehold result in the same hash on every machine.',
  applies: withBroker,
  verify: async (context) => {
    const found = await configuration(context);
    if (found === undefined) return [];
    if (context.brokerCode === undefined) throw codeUnknown();
    if (present(found.CodeSha256, 'CodeSha256', 'lambda:GetFunctionConfiguration') === context.brokerCode) return [];
    return [
      {
        kind: 'damage',
        place: brokerFunctionArn(context.environment),
        message: `The broker function runs code with the hash ${found.CodeSha256}, but the hash expected from the definitions is ${context.brokerCode}.`,
        hint: 'If you deployed a different version of Leasehold or of the definitions, run the doctor of that version with those definitions. Otherwise find out who changed the code.',
      },
    ];
  },
};

/** The error of a verification that needs the hash of the broker's code and does not have it. */
export function codeUnknown(): Unread {
  return new Unread({
    code: 'unreadable',
    message: 'the hash of the deployed code is not known',
    hint: 'Run `leasehold doctor`, which packs the code.',
  });
}

export const brokerCallers: AccountVerification = {
  id: 'broker-callers',
  part: 'broker',
  severity: 'critical',
  title: "Only the broker's API and its schedule may call the function",
  why: 'The function cannot distinguish a forged event from an event that API Gateway sends: whoever calls the function directly can act as any agent, approver or administrator.',
  applies: withBroker,
  verify: async (context) => {
    const { environment, live } = context;
    const { partition, region, account } = environment;
    const place = brokerFunctionArn(environment);
    const [found, apis] = await Promise.all([
      live.aws.find('lambda', 'GetPolicy', { FunctionName: brokerName(environment) }),
      brokerApis(context),
    ]);
    const hint = 'Find out who changed the policy of the broker function, then apply the stack again.';
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
          `arn:${partition}:events:${region}:${account}:rule/${sweepRuleName(environment)}`,
        ),
        ...apis.map(({ ApiId }) =>
          caller(
            'apigateway.amazonaws.com',
            `arn:${partition}:execute-api:${region}:${account}:${ApiId}/${brokerStage(environment)}/*`,
          ),
        ),
      ],
    };
    return damageBy(judge('resource', [deployed], [present(found.Policy, 'Policy', 'lambda:GetPolicy')]), {
      place,
      what: 'The policy of the function',
      hint,
      wider: 'critical',
    });
  },
};

/** The configuration of the version that callers invoke, `$LATEST`. @throws Unread */
export function configuration({ environment, live }: AccountContext) {
  return live.aws.find('lambda', 'GetFunctionConfiguration', { FunctionName: brokerName(environment) });
}
