/** The broker's HTTP API: one route for each operation, each authorized by IAM. */
import { isDeepStrictEqual } from 'node:util';
import { peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import {
  accessLogGroup,
  brokerFunctionArn,
  brokerName,
  brokerStage,
  logGroupArn,
  signInScope,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_VARIABLE,
} from '@leasehold/documents';
import type { AccountContext, AccountVerification, Damage } from '../verification';

export const brokerRoutes: AccountVerification = {
  id: 'broker-routes',
  part: 'broker',
  severity: 'critical',
  title: 'The API has exactly the deployed routes, each with its authorization',
  why: 'A route without authorization lets anyone on the internet call the function anonymously. A default route lets calls through that no policy names.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const place = `API ${brokerName(environment)}`;
    const apis = await brokerApis(context);
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
    const expected = deployedRoutes(environment);
    const authorizers = await signInAuthorizers(context, ApiId);
    const cors = all.find((api) => api.ApiId === ApiId)?.CorsConfiguration;
    return [
      ...(others.length > 0 ? [damage(place, 'Several APIs have the name of the broker.')] : []),
      ...found.flatMap((each) => {
        const { RouteKey = '', AuthorizationType = 'NONE', Target = '', AuthorizerId, AuthorizationScopes } = each;
        const route = `${place}, route ${RouteKey}`;
        const wanted = expected.get(RouteKey);
        if (wanted === undefined) return [damage(route, 'The route is not deployed.')];
        const right = AuthorizationType === wanted.authorization;
        const scoped = wanted.scope === undefined || isDeepStrictEqual(AuthorizationScopes, [wanted.scope]);
        return [
          ...(right
            ? []
            : [damage(route, `The route is authorized by ${AuthorizationType}, not by ${wanted.authorization}.`)]),
          ...(right && !scoped ? [damage(route, `The route does not require the scope ${wanted.scope}.`)] : []),
          ...(right && wanted.scope !== undefined && !authorizers.includes(AuthorizerId ?? '')
            ? [damage(route, 'The authorizer of the route accepts other tokens than deployed.')]
            : []),
          ...(target.includes(Target) ? [] : [damage(route, 'The route does not lead to the broker.')]),
        ];
      }),
      ...[...expected.keys()]
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
  verify: async (context) => {
    const { environment, live } = context;
    const [ApiId] = await brokerApis(context);
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

interface DeployedRoute {
  readonly authorization: 'AWS_IAM' | 'JWT';
  /** The scope that an access token needs. */
  readonly scope?: string;
}

/** The routes that IAM authorizes, and those for people who sign in. */
function deployedRoutes({ broker }: Environment): ReadonlyMap<string, DeployedRoute> {
  const key = ({ method, path }: { readonly method: string; readonly path: string }) => `${method} ${path}`;
  const people = broker?.people;
  return new Map<string, DeployedRoute>([
    ...Object.values(ROUTES).map((route) => [key(route), { authorization: 'AWS_IAM' }] as const),
    ...(people === undefined
      ? []
      : Object.values(ROUTES).map(
          (route) => [key(peopleRoute(route)), { authorization: 'JWT', scope: signInScope(people) }] as const,
        )),
  ]);
}

/** Ids of the authorizers that accept the tokens of the deployed issuer for the deployed audience, and no others. */
async function signInAuthorizers({ environment, live }: AccountContext, ApiId: string): Promise<readonly string[]> {
  const signIn = environment.broker?.people?.signIn;
  if (signIn === undefined) return [];
  const pages = await live.aws.all('apigateway', 'GetAuthorizers', { ApiId });
  const found = await live.aws.find('lambda', 'GetFunctionConfiguration', { FunctionName: brokerName(environment) });
  const variables = found?.Environment?.Variables ?? {};
  // The function verifies every token again. `broker-function` reports a variable that names no pool of the region.
  const [issuer, audience] =
    signIn.type === 'oidc'
      ? [signIn.issuer, signIn.audience]
      : [variables[USER_POOL_VARIABLE], variables[USER_POOL_CLIENT_VARIABLE]];
  return pages
    .flatMap(({ Items = [] }) => Items)
    .filter(
      ({ AuthorizerType, IdentitySource, JwtConfiguration: jwt }) =>
        AuthorizerType === 'JWT' &&
        isDeepStrictEqual(IdentitySource, ['$request.header.Authorization']) &&
        issuer !== undefined &&
        jwt?.Issuer === issuer &&
        isDeepStrictEqual(jwt.Audience, [audience]),
    )
    .flatMap(({ AuthorizerId }) => AuthorizerId ?? []);
}

/** Ids of the HTTP APIs with the broker's name. @throws Unread */
export async function brokerApis({ environment, live }: AccountContext): Promise<readonly string[]> {
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
