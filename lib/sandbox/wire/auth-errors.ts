/**
 * The errors of each protocol for a sender that is not authenticated: one row for each fault.
 * Sources: https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html
 */
import type { AuthFault, AuthRefusal } from '../sigv4/refusal';
import { AwsError } from './aws-error';
import type { Protocol } from './protocol';

/** The error of a protocol for a refusal. */
export function authError(refusal: AuthRefusal, protocol: Protocol): AwsError {
  const [status, code, message] = TABLES[FAMILY[protocol]][refusal.fault];
  const httpStatus = protocol === 'rest-json' && status === 400 && !BAD_REQUESTS.has(refusal.fault) ? 403 : status;
  return new AwsError(httpStatus, code, message ?? refusal.detail ?? code, { cause: refusal });
}

type Family = 'query' | 'ec2' | 'json' | 's3';

const FAMILY: Readonly<Record<Protocol, Family>> = {
  query: 'query',
  ec2: 'ec2',
  'json-1.0': 'json',
  'json-1.1': 'json',
  'rest-json': 'json',
  'rpc-v2-cbor': 'json',
  s3: 's3',
};

/** Status, code, and message. The message is absent if it depends on the request. */
type Row = readonly [status: number, code: string, message?: string];

const MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
const S3_MISMATCH =
  'The request signature we calculated does not match the signature you provided. Check your key and signing method.';
const INVALID_TOKEN = 'The security token included in the request is invalid.';
const EXPIRED_TOKEN = 'The security token included in the request is expired';
const NOT_VALIDATED = 'AWS was not able to validate the provided access credentials';
const ONE_MECHANISM =
  'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified';

const TABLES: Readonly<Record<Family, Readonly<Record<AuthFault, Row>>>> = {
  query: {
    unsigned: [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
    'two-signatures': [400, 'IncompleteSignature', ONE_MECHANISM],
    malformed: [400, 'IncompleteSignature'],
    'malformed-query': [400, 'IncompleteSignature'],
    'wrong-scope': [403, 'SignatureDoesNotMatch'],
    'unsigned-headers': [403, 'SignatureDoesNotMatch'],
    'unknown-key': [403, 'InvalidClientTokenId', INVALID_TOKEN],
    'wrong-token': [403, 'InvalidClientTokenId', INVALID_TOKEN],
    'expired-token': [403, 'ExpiredToken', EXPIRED_TOKEN],
    skewed: [403, 'SignatureDoesNotMatch'],
    'expired-url': [403, 'SignatureDoesNotMatch'],
    'wrong-signature': [403, 'SignatureDoesNotMatch', MISMATCH],
    'no-payload-hash': [403, 'SignatureDoesNotMatch', MISMATCH],
    'wrong-payload-hash': [403, 'SignatureDoesNotMatch', MISMATCH],
    'wrong-chunk': [403, 'SignatureDoesNotMatch', MISMATCH],
    'malformed-request': [400, 'MalformedQueryString'],
  },
  ec2: {
    unsigned: [400, 'MissingAuthenticationToken', 'Request is missing Authentication Token'],
    'two-signatures': [400, 'IncompleteSignature', ONE_MECHANISM],
    malformed: [400, 'IncompleteSignature'],
    'malformed-query': [400, 'IncompleteSignature'],
    'wrong-scope': [401, 'AuthFailure', NOT_VALIDATED],
    'unsigned-headers': [401, 'AuthFailure', NOT_VALIDATED],
    'unknown-key': [401, 'AuthFailure', NOT_VALIDATED],
    'wrong-token': [401, 'AuthFailure', NOT_VALIDATED],
    'expired-token': [400, 'RequestExpired', 'Request has expired.'],
    skewed: [400, 'RequestExpired', 'Request has expired.'],
    'expired-url': [400, 'RequestExpired', 'Request has expired.'],
    'wrong-signature': [401, 'AuthFailure', NOT_VALIDATED],
    'no-payload-hash': [401, 'AuthFailure', NOT_VALIDATED],
    'wrong-payload-hash': [401, 'AuthFailure', NOT_VALIDATED],
    'wrong-chunk': [401, 'AuthFailure', NOT_VALIDATED],
    'malformed-request': [400, 'MalformedQueryString'],
  },
  json: {
    unsigned: [400, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    'two-signatures': [400, 'IncompleteSignatureException', ONE_MECHANISM],
    malformed: [400, 'IncompleteSignatureException'],
    'malformed-query': [400, 'IncompleteSignatureException'],
    'wrong-scope': [400, 'InvalidSignatureException'],
    'unsigned-headers': [400, 'InvalidSignatureException'],
    'unknown-key': [400, 'UnrecognizedClientException', INVALID_TOKEN],
    'wrong-token': [400, 'UnrecognizedClientException', INVALID_TOKEN],
    'expired-token': [400, 'ExpiredTokenException', EXPIRED_TOKEN],
    skewed: [400, 'InvalidSignatureException'],
    'expired-url': [400, 'InvalidSignatureException'],
    'wrong-signature': [400, 'InvalidSignatureException', MISMATCH],
    'no-payload-hash': [400, 'InvalidSignatureException', MISMATCH],
    'wrong-payload-hash': [400, 'InvalidSignatureException', MISMATCH],
    'wrong-chunk': [400, 'InvalidSignatureException', MISMATCH],
    'malformed-request': [400, 'SerializationException'],
  },
  s3: {
    unsigned: [403, 'AccessDenied', 'Access Denied'],
    'two-signatures': [400, 'InvalidArgument', ONE_MECHANISM],
    malformed: [400, 'AuthorizationHeaderMalformed'],
    'malformed-query': [400, 'AuthorizationQueryParametersError'],
    'wrong-scope': [400, 'AuthorizationHeaderMalformed'],
    'unsigned-headers': [403, 'AccessDenied'],
    'unknown-key': [403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.'],
    'wrong-token': [400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.'],
    'expired-token': [400, 'ExpiredToken', 'The provided token has expired.'],
    skewed: [403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.'],
    'expired-url': [403, 'AccessDenied'],
    'wrong-signature': [403, 'SignatureDoesNotMatch', S3_MISMATCH],
    'no-payload-hash': [400, 'MissingSecurityHeader'],
    'wrong-payload-hash': [400, 'XAmzContentSHA256Mismatch'],
    'wrong-chunk': [403, 'SignatureDoesNotMatch', S3_MISMATCH],
    'malformed-request': [400, 'InvalidRequest'],
  },
};

/**
 * Errors in the format of the request, not in its authentication. REST services respond with 400 to these errors and
 * with 403 to all other errors.
 */
const BAD_REQUESTS: ReadonlySet<AuthFault> = new Set(['malformed-request']);
