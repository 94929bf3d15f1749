/**
 * The response to an allowed call if there is no backing server. The response shows that AWS would have allowed the
 * call.
 */
import { createHash } from 'node:crypto';
import type { SignedRequest } from '../service-mapping';
import { type Answer, cborTexts, DECLARATION, identified, json, queryAnswer, xml } from './answer';
import { jsonParameters } from './read';

/**
 * The receipt for an operation: an empty response in its protocol, with the header `x-leasehold-verdict: allowed`. If
 * clients treat an empty response as a failure, the receipt contains only the minimum that clients accept as a success,
 * and no invented results.
 */
export function receipt(request: SignedRequest, operation: string, requestId: string): Answer {
  const answer = emptyAnswer(request, operation, requestId);
  return { ...answer, headers: { ...answer.headers, 'x-leasehold-verdict': 'allowed' } };
}

function emptyAnswer(request: SignedRequest, operation: string, requestId: string): Answer {
  const { protocol } = request;
  switch (protocol) {
    case 'query':
      return queryAnswer(operation, {}, requestId, 'urn:leasehold:sandbox');
    case 'ec2': {
      const inner = `<requestId>${requestId}</requestId>`;
      return xml(200, requestId, `${DECLARATION}<${operation}Response>${inner}</${operation}Response>`);
    }
    case 's3': {
      const root = S3_BODIES[operation];
      const headers = { ...identified(requestId), 'x-amz-request-id': requestId };
      if (root === undefined) return { status: 200, headers, body: Buffer.alloc(0) };
      const text = `${DECLARATION}<${root} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></${root}>`;
      return { status: 200, headers: { ...headers, 'content-type': 'application/xml' }, body: Buffer.from(text) };
    }
    case 'rpc-v2-cbor': {
      const headers = { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' };
      return { status: 200, headers: { ...identified(requestId), ...headers }, body: cborTexts({}) };
    }
    default:
      return json(protocol, 200, requestId, request.service === 'sqs' ? sqsBody(request, operation) : {}, {});
  }
}

/**
 * Operations for which clients require a body, with the root element of this body. For most of these operations, S3 may
 * report an error in a response with status 200, so clients look for an error in the body. Source:
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
 */
const S3_BODIES: Readonly<Record<string, string>> = {
  CompleteMultipartUpload: 'CompleteMultipartUploadResult',
  CopyObject: 'CopyObjectResult',
  GetBucketLocation: 'LocationConstraint',
  UploadPartCopy: 'CopyPartResult',
};

/**
 * The response body for SQS. Clients compare the digest of the sent message with the digest in the response.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
function sqsBody(request: SignedRequest, operation: string): object {
  if (operation !== 'SendMessage') return {};
  const { MessageBody: body } = jsonParameters(request);
  return typeof body === 'string' ? { MD5OfMessageBody: createHash('md5').update(body).digest('hex') } : {};
}
