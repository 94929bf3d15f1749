/** Verifies the stage of the broker's API: the deployed routes, the access log and the throttling limits. */
import { isDeepStrictEqual } from 'node:util';
import type { Environment } from '@leasehold/definitions';
import {
  accessLogFormat,
  accessLogGroup,
  brokerName,
  brokerStage,
  type CallLimits,
  logGroupArn,
  routeLimits,
  STAGE_LIMITS,
} from '@leasehold/documents';
import type { CallOutput } from '../aws/aws';
import { jsonIn } from '../live/decode';
import { observeEach, present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { brokerApis } from './apis';

type Stage = NonNullable<CallOutput<'apigateway', 'GetStages'>['Items']>[number];
type Settings = NonNullable<Stage['DefaultRouteSettings']>;

export const brokerStageSettings: AccountVerification = {
  id: 'broker-stage',
  part: 'broker',
  severity: 'medium',
  title: 'The API has one stage, with its access log and its limits',
  why: 'The access log records calls that never reach the broker function. The throttling limits prevent agents in a loop from blocking people.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const [api] = await brokerApis(context);
    if (api === undefined) return [];
    const stages = await live.aws.list('Items', 'apigateway', 'GetStages', { ApiId: api.ApiId });
    const stage = stages.find(({ StageName }) => StageName === brokerStage(environment));
    return [
      ...(stage === undefined
        ? [{ ...damage(environment, 'The stage does not exist.'), severity: 'high' as const }]
        : stageFaults(stage, environment)),
      ...stages
        .filter(({ StageName }) => StageName !== brokerStage(environment))
        .map(({ StageName }) => damage(environment, 'The stage is not deployed.', StageName)),
    ];
  },
};

export const brokerDeployment: AccountVerification = {
  id: 'broker-deployment',
  part: 'broker',
  severity: 'critical',
  title: 'The stage of the API serves the routes that the API has today',
  why: 'The API serves the routes that were last deployed to the stage. Without automatic deployment, these routes can differ from the routes that the API shows.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const [api] = await brokerApis(context);
    if (api === undefined) return [];
    const { ApiId } = api;
    const stages = await live.aws.list('Items', 'apigateway', 'GetStages', { ApiId });
    const stage = stages.find(({ StageName }) => StageName === brokerStage(environment));
    if (stage === undefined) return [];
    const automatic =
      stage.AutoDeploy === true ? [] : [damage(environment, 'The stage is not deployed automatically.')];
    const compared = await observeEach(
      [ApiId],
      () => `API ${brokerName(environment)}, stage ${brokerStage(environment)}`,
      async (): Promise<readonly Damage[]> => {
        const [served, shown] = await Promise.all([
          exported(context, { ApiId, StageName: brokerStage(environment) }),
          exported(context, { ApiId }),
        ]);
        if (isDeepStrictEqual(served, shown)) return [];
        return [damage(environment, 'The routes that the stage serves differ from the routes of the API.')];
      },
    );
    return [...automatic, ...compared];
  },
};

/**
 * The routes and their authorization: those in the current API or, if a stage is named, those that are deployed to the
 * stage.
 */
async function exported(
  { live }: AccountContext,
  of: { readonly ApiId: string; readonly StageName?: string },
): Promise<unknown> {
  const { body } = await live.aws.call('apigateway', 'ExportApi', {
    ...of,
    Specification: 'OAS30',
    OutputType: 'JSON',
    IncludeExtensions: true,
  });
  const action = 'apigateway:ExportApi';
  const description = jsonIn(Buffer.from(present(body, 'body', action)).toString('utf8')) as
    | { readonly paths?: unknown; readonly components?: unknown }
    | undefined;
  return [present(description?.paths, 'paths', action), description?.components];
}

function stageFaults(stage: Stage, environment: Environment): readonly Damage[] {
  const { AccessLogSettings: log, DefaultRouteSettings, RouteSettings = {}, StageVariables = {} } = stage;
  const group = logGroupArn(accessLogGroup(environment), environment);
  const limits = routeLimits(environment);
  const own = Object.entries(RouteSettings);
  return [
    ...(log?.DestinationArn?.replace(/:\*$/, '') === group
      ? []
      : [damage(environment, 'The stage writes no access log.')]),
    ...(log === undefined || isDeepStrictEqual(jsonIn(log.Format), jsonIn(accessLogFormat(environment)))
      ? []
      : [damage(environment, 'The access log leaves out or adds fields.')]),
    ...(isLimited(DefaultRouteSettings, STAGE_LIMITS)
      ? []
      : [damage(environment, 'The throttling limits of the stage differ from the limits that Leasehold deployed.')]),
    ...[...limits]
      .filter(([key, limit]) => !isLimited(RouteSettings[key], limit))
      .map(([key]) =>
        damage(
          environment,
          `The throttling limits of the route ${key} differ from the limits that Leasehold deployed.`,
        ),
      ),
    ...own
      .filter(([key]) => !limits.has(key))
      .map(([key]) => damage(environment, `The route ${key} has separate settings, which Leasehold did not deploy.`)),
    ...(Object.keys(StageVariables).length > 0 ? [damage(environment, 'The stage has variables.')] : []),
    ...(stage.ClientCertificateId ? [damage(environment, 'The stage has a client certificate.')] : []),
  ];
}

function isLimited(settings: Settings | undefined, limits: CallLimits): boolean {
  return (
    settings?.ThrottlingRateLimit === limits.throttlingRateLimit &&
    settings.ThrottlingBurstLimit === limits.throttlingBurstLimit
  );
}

function damage(environment: Environment, message: string, stage: string = brokerStage(environment)): Damage {
  return {
    kind: 'damage',
    place: `API ${brokerName(environment)}, stage ${stage}`,
    message,
    hint: 'Find out who changed the API, then apply the stack again.',
  };
}
