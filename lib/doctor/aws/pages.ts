/** The names under which each service sends and answers the token of the next page. */
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
