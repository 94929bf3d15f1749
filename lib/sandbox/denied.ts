/** The error of a service for a call that is not permitted. */
import type { ServiceMapping } from './service-mapping';
import { AwsError } from './wire/aws-error';
import type { Protocol } from './wire/protocol';

/** The service's denial of a call, in its protocol. */
export function denied({ denial }: ServiceMapping, protocol: Protocol, message: string): AwsError {
  const { status, code } = denial ?? DENIALS[protocol];
  return new AwsError(
    status,
    code,
    protocol === 'ec2' ? `You are not authorized to perform this operation. ${message}` : message,
  );
}

/** The usual denial response in each protocol. */
const DENIALS: Readonly<Record<Protocol, { readonly status: number; readonly code: string }>> = {
  query: { status: 403, code: 'AccessDenied' },
  ec2: { status: 403, code: 'UnauthorizedOperation' },
  'json-1.0': { status: 400, code: 'AccessDeniedException' },
  'json-1.1': { status: 400, code: 'AccessDeniedException' },
  'rest-json': { status: 403, code: 'AccessDeniedException' },
  'rpc-v2-cbor': { status: 403, code: 'AccessDeniedException' },
  s3: { status: 403, code: 'AccessDenied' },
};
