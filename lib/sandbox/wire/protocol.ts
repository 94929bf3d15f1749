/**
 * AWS's wire protocols. The protocol of a request determines the format of error responses.
 * Source: https://smithy.io/2.0/aws/protocols/index.html
 */

/** A wire protocol, with the same name as in AWS's service models. `s3` is `rest-xml` with S3's own errors. */
export type Protocol = 'query' | 'ec2' | 'json-1.0' | 'json-1.1' | 'rest-json' | 's3' | 'rpc-v2-cbor';

/** Header values by lower-case name. The values of a repeated header are joined with a comma. */
export type Headers = Readonly<Record<string, string>>;

/**
 * The protocol of a request, chosen from the protocols of its service. If the protocol cannot be recognized, the
 * first protocol in the list is returned, so that an error response is always possible.
 */
export function protocolOf(headers: Headers, offered: readonly [Protocol, ...Protocol[]]): Protocol {
  return offered.find((protocol) => SIGNS[protocol]?.(headers)) ?? offered[0];
}

/** Determines how the protocol of a request is recognized, for services with several protocols. */
const SIGNS: Readonly<Partial<Record<Protocol, (headers: Headers) => boolean>>> = {
  'rpc-v2-cbor': (headers) => headers['smithy-protocol'] === 'rpc-v2-cbor',
  'json-1.0': (headers) => mediaType(headers) === 'application/x-amz-json-1.0',
  'json-1.1': (headers) => mediaType(headers) === 'application/x-amz-json-1.1',
  query: (headers) => mediaType(headers) === 'application/x-www-form-urlencoded',
};

/** The media type of a body, lower case and without parameters. */
export function mediaType(headers: Headers): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Guesses the protocol of a request whose service is not known yet. */
export function guessProtocol(headers: Headers): Protocol {
  return protocolOf(headers, 'x-amz-target' in headers ? ['json-1.1', 'json-1.0'] : ['s3', 'query', 'rpc-v2-cbor']);
}
