/**
 * Verifies the broker's HTTP API: each operation has one route, which is authorized by IAM or by an access token, and the
 * console has its routes.
 */
import { isDeepStrictEqual } from 'node:util';
import { peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { Environment } from '@leasehold/definitions';
import {
  brokerFunctionArn,
  brokerName,
  CONSOLE_ROUTES,
  consoleFunctionArn,
  routeKey,
  signInName,
  signInScope,
} from '@leasehold/documents';
import type { CallOutput } from '../aws/aws';
import { present } from '../unread';
import type { AccountContext, AccountVerification, Damage } from '../verification';
import { brokerApis } from './apis';
import { deployedTokens } from './sign-in';

export const brokerRoutes: AccountVerification = {
  id: 'broker-routes',
  part: 'broker',
  severity: 'critical',
  title: 'The API has exactly the deployed routes, each with its authorization',
  why: 'A route without authorization lets anyone on the internet call the function anonymously. A default route accepts calls to paths that no policy names.',
  applies: ({ broker }) => broker !== undefined,
  verify: async (context) => {
    const { environment, live } = context;
    const place = `API ${brokerName(environment)}`;
    const [api, ...others] = await brokerApis(context);
    if (api === undefined) return [damage(place, 'The API does not exist.')];
    const { ApiId, cors, disabled } = api;
    const [found, integrations, authorizers] = await Promise.all([
      live.aws.list('Items', 'apigateway', 'GetRoutes', { ApiId }),
      live.aws.list('Items', 'apigateway', 'GetIntegrations', { ApiId }),
      signInAuthorizers(context, ApiId),
    ]);
    const targetsOf = (functionArn: string) =>
      integrations
        .filter((integration) => leadsTo(functionArn, integration))
        .map(
          ({ IntegrationId }) =>
            `integrations/${present(IntegrationId, 'IntegrationId', 'apigateway:GetIntegrations')}`,
        );
    const targets = {
      broker: targetsOf(brokerFunctionArn(environment)),
      console: targetsOf(consoleFunctionArn(environment)),
    };
    const expected = deployedRoutes(environment);
    return [
      ...(others.length > 0 ? [damage(place, 'Several APIs have the name of the broker.')] : []),
      ...(disabled ? [{ ...damage(place, 'The address of the API is turned off.'), severity: 'high' as const }] : []),
      ...found.flatMap((route) => {
        const key = present(route.RouteKey, 'RouteKey', 'apigateway:GetRoutes');
        const wanted = expected.get(key);
        const at = `${place}, route ${key}`;
        if (wanted === undefined) return [damage(at, 'The route is not deployed.')];
        return routeFaults(route, wanted, { targets, authorizers }).map((message) => damage(at, message));
      }),
      ...[...expected.keys()]
        .filter((key) => !found.some(({ RouteKey }) => RouteKey === key))
        .map((key) => ({
          ...damage(`${place}, route ${key}`, 'The route does not exist.'),
          severity: 'high' as const,
        })),
      ...(cors ? [damage(place, 'Web pages from other sites may call the API (CORS).')] : []),
    ];
  },
};

type Route = NonNullable<CallOutput<'apigateway', 'GetRoutes'>['Items']>[number];
type Integration = NonNullable<CallOutput<'apigateway', 'GetIntegrations'>['Items']>[number];

function routeFaults(
  { AuthorizationType, Target = '', AuthorizerId, AuthorizationScopes }: Route,
  wanted: DeployedRoute,
  {
    targets,
    authorizers,
  }: {
    readonly targets: Readonly<Record<DeployedRoute['leadsTo'], readonly string[]>>;
    readonly authorizers: readonly string[];
  },
): readonly string[] {
  const authorization = present(AuthorizationType, 'AuthorizationType', 'apigateway:GetRoutes');
  const right = authorization === wanted.authorization;
  const scoped = wanted.scope === undefined || isDeepStrictEqual(AuthorizationScopes, [wanted.scope]);
  return [
    ...(right ? [] : [`The route is authorized by ${authorization}, not by ${wanted.authorization}.`]),
    ...(right && !scoped ? [`The route does not require the scope ${wanted.scope}.`] : []),
    ...(right && wanted.scope !== undefined && !authorizers.includes(AuthorizerId ?? '')
      ? ['The authorizer of the route differs from the authorizer that Leasehold deployed.']
      : []),
    ...(targets[wanted.leadsTo].includes(Target)
      ? []
      : [`The route does not have the deployed integration with the ${wanted.leadsTo}.`]),
  ];
}

/**
 * Whether an integration passes requests unchanged to the function. Parameter mapping can replace request data. An
 * integration with its own credentials can call a function whose policy does not permit API Gateway. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
 */
function leadsTo(functionArn: string, integration: Integration): boolean {
  const { IntegrationUri, IntegrationType, PayloadFormatVersion, CredentialsArn, ConnectionType } = integration;
  const changed = [integration.RequestParameters, integration.ResponseParameters, integration.RequestTemplates];
  return (
    IntegrationUri?.endsWith(`/functions/${functionArn}/invocations`) === true &&
    IntegrationType === 'AWS_PROXY' &&
    PayloadFormatVersion === '2.0' &&
    !CredentialsArn &&
    (ConnectionType ?? 'INTERNET') === 'INTERNET' &&
    changed.every((parameters) => Object.keys(parameters ?? {}).length === 0)
  );
}

interface DeployedRoute {
  readonly authorization: 'AWS_IAM' | 'JWT' | 'NONE';
  /** The function that serves the route. */
  readonly leadsTo: 'broker' | 'console';
  /** The scope that an access token needs. */
  readonly scope?: string;
}

/**
 * The deployed routes: the routes with IAM authorization, the routes for people who sign in, and those of the console,
 * which anybody may load.
 */
function deployedRoutes({ broker }: Environment): ReadonlyMap<string, DeployedRoute> {
  const people = broker?.people;
  const routes = Object.values(ROUTES);
  return new Map<string, DeployedRoute>([
    ...routes.map((route) => [routeKey(route), { authorization: 'AWS_IAM', leadsTo: 'broker' }] as const),
    ...(people === undefined
      ? []
      : routes.map(
          (route) =>
            [
              routeKey(peopleRoute(route)),
              { authorization: 'JWT', scope: signInScope(people), leadsTo: 'broker' },
            ] as const,
        )),
    ...(people === undefined
      ? []
      : Object.values(CONSOLE_ROUTES).map((key) => [key, { authorization: 'NONE', leadsTo: 'console' }] as const)),
  ]);
}

/** Ids of the authorizers that accept a token only if it has the deployed issuer and the deployed audience. */
async function signInAuthorizers(context: AccountContext, ApiId: string): Promise<readonly string[]> {
  if (context.environment.broker?.people === undefined) return [];
  const [authorizers, tokens] = await Promise.all([
    context.live.aws.list('Items', 'apigateway', 'GetAuthorizers', { ApiId }),
    deployedTokens(context),
  ]);
  return authorizers
    .filter(
      ({ Name, AuthorizerType, IdentitySource, JwtConfiguration: jwt }) =>
        Name === signInName(context.environment) &&
        AuthorizerType === 'JWT' &&
        isDeepStrictEqual(IdentitySource, ['$request.header.Authorization']) &&
        tokens.some(({ issuer, audience }) => jwt?.Issuer === issuer && isDeepStrictEqual(jwt.Audience, [audience])),
    )
    .map(({ AuthorizerId }) => present(AuthorizerId, 'AuthorizerId', 'apigateway:GetAuthorizers'));
}

function damage(place: string, message: string): Damage {
  return { kind: 'damage', place, message, hint: 'Find out who changed the API, then apply the stack again.' };
}
