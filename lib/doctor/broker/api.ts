/** The broker's HTTP API: one route for each operation, each authorized by IAM. */
import { ROUTES } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import { accessLogGroup, brokerFunctionArn, brokerName, brokerStage, logGroupArn } from '@leasehold/documents';
import type { AccountVerification, Damage, Patient } from '../verification';

export const brokerRoutes: AccountVerification = {
  id: 'broker-routes',
  part: 'broker',
  severity: 'critical',
  title: 'The API has exactly the deployed routes, and IAM authorizes every one',
  why: 'A route without authorization lets everybody on the internet call the function as nobody in particular. A default route lets calls through that no policy names.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (patient) => {
    const { environment, live } = patient;
    const place = `API ${brokerName(environment)}`;
    const apis = await brokerApis(patient);
    const [ApiId, ...others] = apis;
    if (ApiId === undefined) return [damage(place, 'The API does not exist.')];
    const [routes, integrations, { Items: all = [] }] = await Promise.all([
      live.aws.all('apigateway', 'GetRoutes', { ApiId }),
      live.aws.all('apigateway', 'GetIntegrations', { ApiId }),
      live.aws.call('apigateway', 'GetApis', {}),
    ]);
    const found = routes.flatMap(({ Items = [] }) => Items);
    const target = integrations
      .flatMap(({ Items = [] }) => Items)
      .filter(({ IntegrationUri }) =>
        IntegrationUri?.endsWith(`/functions/${brokerFunctionArn(environment)}/invocations`),
      )
      .map(({ IntegrationId }) => `integrations/${IntegrationId}`);
    const expected = new Set(Object.values(ROUTES).map(({ method, path }) => `${method} ${path}`));
    const cors = all.find((api) => api.ApiId === ApiId)?.CorsConfiguration;
    return [
      ...(others.length > 0 ? [damage(place, 'Several APIs have the name of the broker.')] : []),
      ...found.flatMap(({ RouteKey = '', AuthorizationType = 'NONE', Target = '' }) => {
        const route = `${place}, route ${RouteKey}`;
        if (!expected.has(RouteKey)) return [damage(route, 'The route is not deployed.')];
        return [
          ...(AuthorizationType === 'AWS_IAM'
            ? []
            : [damage(route, `The route is authorized by ${AuthorizationType}, not by IAM.`)]),
          ...(target.includes(Target) ? [] : [damage(route, 'The route does not lead to the broker.')]),
        ];
      }),
      ...[...expected]
        .filter((key) => !found.some(({ RouteKey }) => RouteKey === key))
        .map((key) => ({
          ...damage(`${place}, route ${key}`, 'The route does not exist.'),
          severity: 'high' as const,
        })),
      ...(cors && Object.keys(cors).length > 0
        ? [damage(place, 'Browsers of other sites may call the API (CORS).')]
        : []),
    ];
  },
};

export const brokerStageSettings: AccountVerification = {
  id: 'broker-stage',
  part: 'broker',
  severity: 'medium',
  title: 'The stage of the API has its access log and its limits',
  why: 'The access log is the record of calls that the function never sees. The limits keep agents that loop from locking people out.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (patient) => {
    const { environment, live } = patient;
    const [ApiId] = await brokerApis(patient);
    if (ApiId === undefined) return [];
    const place = `API ${brokerName(environment)}, stage ${brokerStage(environment)}`;
    const { Items = [] } = await live.aws.call('apigateway', 'GetStages', { ApiId });
    const stage = Items.find(({ StageName }) => StageName === brokerStage(environment));
    if (stage === undefined) {
      return [{ ...damage(place, 'The stage does not exist.'), severity: 'high' }];
    }
    const log = logGroupArn(accessLogGroup(environment), environment);
    const limit = stage.DefaultRouteSettings?.ThrottlingRateLimit;
    return [
      ...(stage.AccessLogSettings?.DestinationArn?.replace(/:\*$/, '') === log
        ? []
        : [damage(place, 'The stage writes no access log.')]),
      ...(limit !== undefined && limit > 0 && limit <= MOST_CALLS_PER_SECOND
        ? []
        : [damage(place, 'The stage does not limit the number of calls as deployed.')]),
      ...Items.filter(({ StageName }) => StageName !== brokerStage(environment)).map(({ StageName }) =>
        damage(`API ${brokerName(environment)}, stage ${StageName}`, 'The stage is not deployed.'),
      ),
    ];
  },
};

/** As deployed: a little below what STS accepts per account. */
const MOST_CALLS_PER_SECOND = 500;

/** Ids of the HTTP APIs with the broker's name. @throws Unread */
export async function brokerApis({ environment, live }: Patient): Promise<readonly string[]> {
  const pages = await live.aws.all('apigateway', 'GetApis', {});
  return pages
    .flatMap(({ Items = [] }) => Items)
    .filter((api) => isBrokers(api, environment))
    .flatMap(({ ApiId }) => ApiId ?? []);
}

function isBrokers(
  { Name, ProtocolType }: { readonly Name?: string | undefined; readonly ProtocolType?: string | undefined },
  environment: Environment,
): boolean {
  return Name === brokerName(environment) && ProtocolType === 'HTTP';
}

function damage(place: string, message: string): Damage {
  return { kind: 'damage', place, message, hint: 'Find out who changed the API, then apply the stack again.' };
}
