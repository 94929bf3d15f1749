/**
 * AWS's wire protocols: which one a request speaks decides how an error is written.
 * Source: https://smithy.io/2.0/aws/protocols/index.html
 */

/** A wire protocol by the name that AWS's service models give it; `s3` is `rest-xml` with S3's own errors. */
export type Protocol = 'query' | 'ec2' | 'json-1.0' | 'json-1.1' | 'rest-json' | 's3' | 'rpc-v2-cbor';

/** Header values by lower-case name. A header sent twice has its values joined with a comma. */
export type Headers = Readonly<Record<string, string>>;

/**
 * The protocol that a request speaks, of those that its service offers. The first of the list when the request does not
 * say, so that an error can always be written.
 */
export function protocolOf(headers: Headers, offered: readonly [Protocol, ...Protocol[]]): Protocol {
  return offered.find((protocol) => SIGNS[protocol]?.(headers)) ?? offered[0];
}

/** How a request shows its protocol where a service offers several. */
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
