/**
 * The responses of an HTTP API.
 * Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { STATUS_CODES } from 'node:http';
import { AuthRefusal } from '../sigv4/refusal';
import type { Answer } from '../wire/answer';
import { AwsError } from '../wire/aws-error';

/**
 * The response to a refused request. The response does not show whether the sender is unauthenticated or unauthorized.
 * Only the log contains the reason.
 */
export function apiRefusal(error: AwsError, requestId: string): Answer {
  const status = error.cause instanceof AuthRefusal ? 403 : error.status;
  return message(status, WORDS[status] ?? STATUS_CODES[status] ?? 'Internal Server Error', requestId);
}

/**
 * The response to a call without a valid access token. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function unauthorized(requestId: string, description?: string): Answer {
  const why = description === undefined ? '' : ` scope="" error="invalid_token" error_description="${description}"`;
  const { headers, ...rest } = message(401, 'Unauthorized', requestId);
  return { ...rest, headers: { ...headers, 'www-authenticate': `Bearer${why}` } };
}

/** The error in the access log, if the response is an error. */
export function apiError({ status }: Answer): { readonly code: string; readonly message: string } | undefined {
  return status < 400 ? undefined : { code: `HTTP${status}`, message: `The API answered with ${status}.` };
}

/**
 * Converts a function's result into a response.
 * @param result the function's result: `{ statusCode, headers, body, … }`, or any other value, which becomes the body
 * of a 200 response.
 * @throws {AwsError} 500 for an invalid result.
 */
export function apiAnswer(result: unknown, requestId: string): Answer {
  if (result === undefined || result === null) throw failure('it is empty');
  const structured = typeof result === 'object' && 'statusCode' in result ? result : undefined;
  if (!structured) {
    const body = Buffer.from(typeof result === 'string' ? result : JSON.stringify(result));
    return { status: 200, headers: { ...identified(requestId), 'content-type': 'application/json' }, body };
  }
  const { statusCode, headers = {}, body = '', isBase64Encoded = false } = structured as Structured;
  const whole = typeof statusCode === 'number' && Number.isInteger(statusCode) && statusCode >= 200 && statusCode < 600;
  if (!whole || typeof body !== 'string' || typeof headers !== 'object' || headers === null) {
    throw failure('its status is invalid, or its body is not a text');
  }
  return {
    status: statusCode,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      ...headersOf(headers),
      ...identified(requestId),
    },
    body: Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8'),
  };
}

type Structured = Readonly<Record<'statusCode' | 'headers' | 'body' | 'isBase64Encoded', unknown>>;

function headersOf(headers: object): Record<string, string> {
  const kept = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
  return Object.fromEntries(kept.filter(([name]) => !FRAMING.has(name)));
}

const FRAMING: ReadonlySet<string> = new Set(['connection', 'content-length', 'keep-alive', 'transfer-encoding']);

function failure(why: string): AwsError {
  return new AwsError(500, 'InternalServerError', `The backend's result is not a valid response: ${why}.`);
}

function message(status: number, text: string, requestId: string): Answer {
  return {
    status,
    headers: { ...identified(requestId), 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ message: text })),
  };
}

/** Reason phrases of API Gateway that differ from those in the HTTP standard. */
const WORDS: Readonly<Record<number, string>> = { 413: 'Request Entity Too Large' };

function identified(requestId: string): Readonly<Record<string, string>> {
  return { 'apigw-requestid': requestId };
}
