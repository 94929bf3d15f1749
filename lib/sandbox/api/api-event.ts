/** The caller, as verified by the signature. These fields never contain data from headers or the body. */
export interface IamIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  /** `AIDA…` for a user, `AROA…:session` for a role session. */
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  /** `arn:aws:iam::…:user/…`, or `arn:aws:sts::…:assumed-role/role/session`. */
  readonly userArn: string;
  readonly userId: string;
}

/** The claims that the JWT authorizer of a route passes on. HTTP APIs pass every claim as a string. */
export interface JwtClaims {
  readonly claims: Readonly<Record<string, string>>;
  readonly scopes: null;
}

/** One call of an API. */
export interface ApiEvent {
  readonly version: '2.0';
  /** Key of the matched route, for example `POST /leases/{lease}/approve`. */
  readonly routeKey: string;
  /** Includes the stage. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: string[];
  /**
   * Headers by lower-case name, without the signature and the session token, which a backend does not need. An access
   * token is passed on.
   */
  readonly headers: Record<string, string>;
  /** If a name occurs more than once, its values are joined with commas. */
  readonly queryStringParameters?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    /** The caller: `iam` for a signed call, `jwt` for a call with an access token. */
    readonly authorizer: { readonly iam?: IamIdentity; readonly jwt?: JwtClaims };
    readonly domainName: string;
    readonly domainPrefix: string;
    readonly http: {
      readonly method: string;
      readonly path: string;
      readonly protocol: string;
      readonly sourceIp: string;
      readonly userAgent: string;
    };
    readonly requestId: string;
    readonly routeKey: string;
    readonly stage: string;
    /** Time of the request, for example `12/Mar/2020:19:03:58 +0000`. */
    readonly time: string;
    /** Time of the request in milliseconds since 1970. */
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}
