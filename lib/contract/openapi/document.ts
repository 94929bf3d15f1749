/**
 * Generates the OpenAPI document of the broker's HTTP contract from the tables that the broker and its clients use.
 * Source of the document format: https://spec.openapis.org/oas/v3.1.0
 */
import { defined } from '../defined';
import {
  EVERYWHERE,
  EXCHANGES,
  type Exchange,
  IDEMPOTENCY_KEY,
  LEASE_ID,
  PRINCIPAL_NAME,
  PROBLEM_STATUS,
  type ProblemCode,
} from '../index';
import { CALLERS, OPERATIONS, type Operation, PEOPLE_PREFIX, ROUTES, type Route } from '../routes';
import { inlined, referenceTo, type Schema, schemas } from './schemas';

/** Path of the document in the repository. */
export const OPENAPI_FILE = 'docs/openapi.json';

/** The document as text; deterministic for a given contract. */
export function openApiText(version: string): string {
  return `${JSON.stringify(openApi(version), null, 2)}\n`;
}

/** The OpenAPI document. @param version Version of the runtime that has this contract */
export function openApi(version: string): Schema {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leasehold broker',
      version,
      summary: 'Just-in-time leases of AWS roles. A lease permits what its role permits, or less.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    servers: [
      {
        url: ADDRESS,
        description: "For calls that are signed: as the stack's `leasehold` output has it, `broker.url`.",
        variables: STAGE,
      },
      {
        url: `${ADDRESS}${PEOPLE_PREFIX}`,
        description: 'The same routes for people who sign in. Calls need an access token.',
        variables: {
          ...STAGE,
          as: {
            default: 'requester',
            enum: CALLERS.filter((caller) => caller !== 'agent'),
            description:
              'What the person acts as in the call. The groups of the person and the definitions determine whether this is permitted.',
          },
        },
      },
    ],
    security: [{ sigv4: [] }, { signIn: [] }],
    paths: paths(),
    components: {
      securitySchemes: { sigv4: SIGV4, signIn: SIGN_IN },
      headers: { RetryAfter: RETRY_AFTER },
      parameters: { IdempotencyKey: IDEMPOTENCY },
      schemas: { ...schemas(), GatewayRefusal: GATEWAY_REFUSAL },
    },
  };
}

const ADDRESS = 'https://{api}.execute-api.{region}.amazonaws.com/{stage}';

const STAGE = {
  api: { default: 'a1b2c3d4e5', description: 'Id of the HTTP API, which AWS makes up.' },
  region: { default: 'eu-west-1' },
  stage: { default: 'leasehold-hermes-dev', description: '`leasehold-` and the name of the stack.' },
};

const DESCRIPTION = [
  'Every call is signed with AWS Signature Version 4 for the service `execute-api`, or has the access token of a person',
  'who signed in. Who calls is known from signature or token alone; no field says it. Bodies are JSON of at most 16 KiB, with `content-type: application/json`; unknown fields are',
  'refused. Refusals are problem details (RFC 9457) whose `code` is for machines. A GET never has an effect.',
].join(' ');

const SIGV4 = {
  type: 'apiKey',
  in: 'header',
  name: 'Authorization',
  description:
    'AWS Signature Version 4, service `execute-api`: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html',
  'x-amazon-apigateway-authtype': 'awsSigv4',
};

const SIGN_IN = {
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
  description: 'An access token from the issuer with which people sign in. An access token alone approves nothing.',
};

const RETRY_AFTER = {
  description: 'Seconds after which the same request can succeed.',
  schema: { type: 'integer', minimum: 0 },
};

const IDEMPOTENCY = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'A random key for each new lease. If the same body is sent again with the same key, the response contains the same lease.',
  schema: { type: 'string', pattern: IDEMPOTENCY_KEY.source },
};

/** The response that API Gateway sends if IAM or the authorizer rejects a caller, or if a request exceeds a limit. */
const GATEWAY_REFUSAL = {
  description: "API Gateway's own refusal, before the broker hears of the call.",
  type: 'object',
  properties: { message: { type: 'string' } },
};
const BY_GATEWAY: readonly number[] = [401, 403, 429, 503];

/** The meaning of each success status, for operations with several success statuses. */
const STATUSES: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'The lease is issued. Its credentials are in this response, and nowhere else.',
  202: 'The lease is recorded, and is waiting for its approvers.',
};

function paths(): Schema {
  const found: Record<string, Record<string, Schema>> = {};
  for (const operation of OPERATIONS) {
    const { method, path }: Route = ROUTES[operation];
    found[path] ??= {};
    found[path][method.toLowerCase()] = described(operation);
  }
  return found;
}

function described(operation: Operation): Schema {
  const { path, summary, callers }: Route = ROUTES[operation];
  const exchange: Exchange = EXCHANGES[operation];
  const parameters = [
    ...[...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => pathParameter(name)),
    ...(operation === 'request' ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(exchange.query === undefined ? [] : queryParameters(exchange.query)),
  ];
  return {
    operationId: operation,
    summary,
    description: `For ${callers.map((caller) => `${caller}s`).join(', ')}; everybody else is refused.`,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...defined({
      requestBody: exchange.body && {
        required: true,
        content: { 'application/json': { schema: referenceTo(exchange.body) } },
      },
    }),
    responses: { ...goodAnswers(exchange), ...refusals(exchange) },
  };
}

function pathParameter(name: string): Schema {
  const [description, { source: pattern }] =
    name === 'lease' ? ['Id of a lease.', LEASE_ID] : ['Name of a principal.', PRINCIPAL_NAME];
  return { name, in: 'path', required: true, description, schema: { type: 'string', pattern } };
}

function queryParameters(query: NonNullable<Exchange['query']>): readonly Schema[] {
  const { properties = {} } = inlined(query) as { properties?: Readonly<Record<string, Schema>> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: false,
    ...defined({ description }),
    schema,
  }));
}

function goodAnswers({ statuses, answer }: Exchange): Schema {
  return Object.fromEntries(
    statuses.map((status) => [
      String(status),
      { description: STATUSES[status], content: { 'application/json': { schema: referenceTo(answer) } } },
    ]),
  );
}

/** The error responses, grouped by HTTP status, each with its possible problem codes. */
function refusals({ body, problems }: Exchange): Schema {
  const ofBody: readonly ProblemCode[] = body === undefined ? [] : ['unsupported-media-type', 'too-large-body'];
  const codes = [...new Set<ProblemCode>([...EVERYWHERE, ...ofBody, ...problems])];
  const statuses = [...new Set([...codes.map((code) => PROBLEM_STATUS[code]), ...BY_GATEWAY])].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const own = codes.filter((code) => PROBLEM_STATUS[code] === status);
      return [String(status), refusal(status, own)];
    }),
  );
}

function refusal(status: number, codes: readonly ProblemCode[]): Schema {
  const byGateway = BY_GATEWAY.includes(status);
  const told = [...codes.map((code) => `\`${code}\``), ...(byGateway ? ['API Gateway itself'] : [])];
  const problem = {
    allOf: [{ $ref: '#/components/schemas/Problem' }],
    properties: { status: { const: status }, code: { enum: codes } },
  };
  return {
    description: `${told.join(', ')}.`,
    headers: { 'Retry-After': { $ref: '#/components/headers/RetryAfter' } },
    content: {
      ...(codes.length === 0 ? {} : { 'application/problem+json': { schema: problem } }),
      ...(byGateway ? { 'application/json': { schema: { $ref: '#/components/schemas/GatewayRefusal' } } } : {}),
    },
  };
}
