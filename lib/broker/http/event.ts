/**
 * The request and response of API Gateway, payload format 2.0, with only the fields that the broker uses. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

/** A request that API Gateway has authenticated: by AWS_IAM, or by its JWT authorizer. */
export interface ApiEvent {
  readonly version: '2.0';
  /** Method and path of the matched route, for example `POST /leases/{lease}/collect`. */
  readonly routeKey: string;
  /** Header values by lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawQueryString?: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    readonly authorizer?: {
      /** The IAM caller. Present only if the route requires AWS_IAM. */
      readonly iam?: { readonly userArn?: string; readonly accountId?: string };
      /** The claims of the token. Present only if the route requires a token. The value of each claim is a string. */
      readonly jwt?: { readonly claims?: Readonly<Record<string, unknown>> };
    };
  };
}

/** The response that API Gateway sends. */
export interface ApiResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
