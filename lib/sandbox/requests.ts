/**
 * `@leasehold/sandbox/requests`: reads requests to AWS in the same way as the sandbox, for programs between a client
 * and AWS. There is no compatibility guarantee.
 * @internal
 */
export { requestId } from './account/ids';
export { denied } from './denied';
export { mapRequest } from './map-request';
export { type MappedCall, type ServiceMapping, type SignedRequest, UnmappedRequest } from './service-mapping';
export { SERVICE_MAPPINGS } from './services';
export { ANYTHING, on, serviceOf } from './services/common/table';
export { query } from './services/common/wire';
export { canonicalPath } from './sigv4/canonical';
export { AuthRefusal } from './sigv4/refusal';
export { readSignature, type Signature } from './sigv4/signature';
export { SigningKeys } from './sigv4/signing-key';
export { type Payload, verify, verifyHead } from './sigv4/verify';
export { type Answer, errorAnswer, errorCode } from './wire/answer';
export { authError } from './wire/auth-errors';
export { AwsError } from './wire/aws-error';
export { readBody } from './wire/body';
export { guessProtocol, type Protocol, protocolOf } from './wire/protocol';
export { type RawRequest, rawRequest } from './wire/raw-request';
export { signedRequest } from './wire/signed-request';
