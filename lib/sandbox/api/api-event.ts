/** Who calls, as the signature proved: nothing that a header or a body says. */
export interface IamIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  /** `AIDA…` of a user, `AROA…:session` of a role's session. */
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  /** `arn:aws:iam::…:user/…`, or `arn:aws:sts::…:assumed-role/role/session`. */
  readonly userArn: string;
  readonly userId: string;
}

/** One call of an API. */
export interface ApiEvent {
  readonly version: '2.0';
  /** For example `POST /leases/{lease}/approve`. */
  readonly routeKey: string;
  /** With the stage in front. */
  readonly rawPath: string;
  readonly rawQueryString: string;
  readonly cookies?: string[];
  /** By lower-case name. Without the signature and the session token: a backend has no use for them. */
  readonly headers: Record<string, string>;
  /** Values of a name that stands twice are joined with a comma. */
  readonly queryStringParameters?: Record<string, string>;
  readonly pathParameters?: Record<string, string>;
  readonly requestContext: {
    readonly accountId: string;
    readonly apiId: string;
    readonly authorizer: { readonly iam: IamIdentity };
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
    /** For example `12/Mar/2020:19:03:58 +0000`. */
    readonly time: string;
    /** Milliseconds since 1970. */
    readonly timeEpoch: number;
  };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}
