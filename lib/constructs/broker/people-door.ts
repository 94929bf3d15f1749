import { Apigatewayv2Authorizer } from '@cdktf/provider-aws/lib/apigatewayv2-authorizer';
import { Apigatewayv2Route } from '@cdktf/provider-aws/lib/apigatewayv2-route';
import { peopleRoute, ROUTES } from '@leasehold/contract/routes';
import type { Environment, People } from '@leasehold/definitions';
import { routeKey, signInName, signInScope } from '@leasehold/documents';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { literal } from '../literal';
import { UserPool } from './user-pool';

export interface PeopleDoorProps {
  readonly environment: Environment;
  readonly people: People;
  /** Id of the HTTP API. */
  readonly apiId: string;
  /** Terraform expression for the integration that serves all routes. */
  readonly target: string;
  /** Address of the API with its stage, or of the console's domain, without a slash at the end. */
  readonly address: string;
}

/**
 * The routes for people who sign in, each with an authorizer that accepts only access tokens with the correct issuer,
 * audience and scope.
 */
export class PeopleDoor extends Construct {
  readonly routes: readonly ITerraformDependable[];
  /** The stack's user pool; defined if people sign in to it. */
  readonly userPool?: UserPool;

  constructor(scope: Construct, id: string, { environment, people, apiId, target, address }: PeopleDoorProps) {
    super(scope, id);
    const { signIn } = people;
    if (signIn.type === 'cognito')
      this.userPool = new UserPool(this, 'user-pool', { environment, people, signIn, address });
    const authorizer = new Apigatewayv2Authorizer(this, 'authorizer', {
      apiId,
      name: signInName(environment),
      authorizerType: 'JWT',
      identitySources: ['$request.header.Authorization'],
      jwtConfiguration:
        signIn.type === 'oidc'
          ? { issuer: literal(signIn.issuer), audience: [literal(signIn.audience)] }
          : { issuer: this.userPool?.issuer ?? '', audience: [this.userPool?.clientId ?? ''] },
    });
    this.routes = Object.entries(ROUTES).map(([operation, route]) => {
      return new Apigatewayv2Route(this, `route-${operation}`, {
        apiId,
        routeKey: routeKey(peopleRoute(route)),
        authorizationType: 'JWT',
        authorizerId: authorizer.id,
        authorizationScopes: [literal(signInScope(people))],
        target,
      });
    });
  }
}
