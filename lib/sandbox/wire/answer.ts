/**
 * Responses in AWS's wire protocols.
 * Source: https://smithy.io/2.0/aws/protocols/index.html
 */
import type { AwsError } from './aws-error';
import type { Protocol } from './protocol';
import { escapeXml, toXml, type Xml } from './xml';

/** An HTTP response. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** An error in the format of the protocol. `namespace` is the XML namespace of a query service, if it is known. */
export function errorAnswer(protocol: Protocol, error: AwsError, requestId: string, namespace?: string): Answer {
  const { status, code, message } = error;
  switch (protocol) {
    case 'query': {
      const xmlns = namespace === undefined ? '' : ` xmlns="${namespace}"`;
      const type = status >= 500 ? 'Receiver' : 'Sender';
      const fault = toXml({ Error: { Type: type, Code: code, Message: message }, RequestId: requestId });
      return xml(status, requestId, `<ErrorResponse${xmlns}>${fault}</ErrorResponse>`);
    }
    case 'ec2': {
      const fault = toXml({ Errors: { Error: { Code: code, Message: message } }, RequestID: requestId });
      return xml(status, requestId, `${DECLARATION}<Response>${fault}</Response>`);
    }
    case 's3': {
      const fault = toXml({ Error: { Code: code, Message: message, RequestId: requestId, HostId: HOST_ID } });
      const answer = xml(status, requestId, `${DECLARATION}${fault}`);
      return {
        ...answer,
        headers: { ...answer.headers, 'x-amz-request-id': requestId, 'x-amz-id-2': HOST_ID },
      };
    }
    case 'rpc-v2-cbor':
      return {
        status,
        headers: { ...identified(requestId), 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' },
        body: cborTexts({ __type: code, message }),
      };
    default: {
      const type = protocol === 'rest-json' ? {} : { __type: code };
      return json(protocol, status, requestId, { ...type, message }, { 'x-amzn-errortype': code });
    }
  }
}

/** The error code in a response from AWS; undefined for a successful response. */
export function errorCode({ status, headers, body }: Answer): string | undefined {
  if (status < 400) return undefined;
  const text = body.toString('utf8', 0, 4096);
  const code =
    headers['x-amzn-errortype'] ??
    /<Code>([^<]{1,100})</.exec(text)?.[1] ??
    /"__type":\s*"([^"]{1,100})"/.exec(text)?.[1];
  return code?.replace(/^.*#|:.*$/g, '') ?? `HTTP${status}`;
}

/** The response to a successful operation of a service with a query protocol. */
export function queryAnswer(operation: string, result: Xml, requestId: string, namespace: string): Answer {
  const inner = result === undefined ? '' : `<${operation}Result>${toXml(result)}</${operation}Result>`;
  const metadata = `<ResponseMetadata><RequestId>${escapeXml(requestId)}</RequestId></ResponseMetadata>`;
  return xml(200, requestId, `<${operation}Response xmlns="${namespace}">${inner}${metadata}</${operation}Response>`);
}

/** The XML declaration of AWS's responses. */
export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const HOST_ID = 'leasehold-sandbox';

/** Headers of every response. */
export function identified(requestId: string): Readonly<Record<string, string>> {
  return { 'x-amzn-requestid': requestId };
}

/** A response in XML. */
export function xml(status: number, requestId: string, text: string): Answer {
  return { status, headers: { ...identified(requestId), 'content-type': 'text/xml' }, body: Buffer.from(text) };
}

/** A response in JSON. */
export function json(
  protocol: 'json-1.0' | 'json-1.1' | 'rest-json',
  status: number,
  requestId: string,
  body: object,
  headers: Readonly<Record<string, string>>,
): Answer {
  const type = protocol === 'rest-json' ? 'application/json' : `application/x-amz-${protocol}`;
  return {
    status,
    headers: { ...identified(requestId), ...headers, 'content-type': type },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** A CBOR map of text strings (RFC 8949, major types 5 and 3). */
export function cborTexts(texts: Readonly<Record<string, string>>): Buffer {
  const parts = Object.entries(texts).flatMap(([name, value]) => [cborText(name), cborText(value)]);
  return Buffer.concat([Buffer.from([0xa0 | Object.keys(texts).length]), ...parts]);
}

function cborText(text: string): Buffer {
  const bytes = Buffer.from(text);
  const head =
    bytes.length < 24
      ? Buffer.from([0x60 | bytes.length])
      : Buffer.from([0x79, (bytes.length >> 8) & 0xff, bytes.length & 0xff]);
  return Buffer.concat([head, bytes]);
}
