/** The names of each service's pagination tokens in requests and responses. */
import { Unread } from '../unread';
import type { Service } from './modules';

interface Tokens {
  readonly sent: string;
  readonly answered: string;
}

const NEXT_TOKEN: Tokens = { sent: 'NextToken', answered: 'NextToken' };

const TOKENS: Readonly<Partial<Record<Service, Tokens>>> = {
  accessanalyzer: { sent: 'nextToken', answered: 'nextToken' },
  dynamodb: { sent: 'ExclusiveStartKey', answered: 'LastEvaluatedKey' },
  ecr: { sent: 'nextToken', answered: 'nextToken' },
  iam: { sent: 'Marker', answered: 'Marker' },
  kms: { sent: 'Marker', answered: 'NextMarker' },
  lambda: { sent: 'Marker', answered: 'NextMarker' },
  s3: { sent: 'ContinuationToken', answered: 'ContinuationToken' },
};

export function tokensOf(service: Service): Tokens {
  return TOKENS[service] ?? NEXT_TOKEN;
}

/**
 * The token of the next page; `undefined` on the last page.
 * @throws Unread if the page is marked as truncated but has no token
 */
export function nextPage(service: Service, command: string, page: object): unknown {
  const fields = page as Readonly<Record<string, unknown>>;
  const token = fields[tokensOf(service).answered] || undefined;
  if (token === undefined && (fields.IsTruncated === true || fields.Truncated === true)) {
    throw new Unread({
      code: 'unreadable',
      message: `the answer to ${service}:${command} is truncated, and its next page cannot be requested`,
      hint: 'Check this by hand.',
    });
  }
  return token;
}

/** Whether AWS omits an empty list from the response. */
export function isEmptyList(service: Service, command: string): boolean {
  return OMITTED.includes(`${service}:${command}`);
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListQueues.html */
const OMITTED: readonly string[] = ['sqs:ListQueues'];
