/**
 * What API Gateway hands to the function and takes from it: payload format 2.0, as far as the broker reads it.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */

/** A request that API Gateway has authenticated by AWS_IAM. */
export interface ApiEvent {
  readonly version: '2.0';
  /** Method and path of the route that matched, for example `POST /leases/{lease}/collect`. */
  readonly routeKey: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly rawQueryString?: string;
  readonly pathParameters?: Readonly<Record<string, string | undefined>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly requestId?: string;
    /** Present where the route demands AWS_IAM, and nowhere else. */
    readonly authorizer?: { readonly iam?: { readonly userArn?: string; readonly accountId?: string } };
  };
}

/** What the API sends back. */
export interface ApiResult {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}
