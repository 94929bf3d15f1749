/** Errors as a model reads them. */
import { LeaseholdError } from '@leasehold/contract/error';
import { LeaseError } from '@leasehold/runtime';
import { problemOf, Refusal } from '../../lib/mcp/error';

const LINK = 'https://b.s3.amazonaws.com/k?X-Amz-Signature=0123456789abcdef';
const CAUSE = { cause: new Error(LINK) };

it.each<[string, unknown, object]>([
  [
    'a refusal',
    new Refusal('busy', `see ${LINK}`, 'Wait.', true, { awsCode: 'X' }),
    { code: 'busy', retryable: true, awsCode: 'X' },
  ],
  [
    'an error of the runtime',
    new LeaseError('unavailable', `see ${LINK}`, 'Wait.', true, CAUSE),
    { code: 'unavailable', retryable: true },
  ],
  ['a denial', new LeaseError('denied', `see ${LINK}`, 'Stop.', false, CAUSE), { code: 'denied', retryable: false }],
  [
    'an error of the command line',
    new LeaseholdError({ code: 'usage', message: LINK, hint: 'x' }, CAUSE),
    { code: 'usage', retryable: false },
  ],
  ['any other error', new TypeError(LINK), { code: 'defect', retryable: false }],
  ['a value', LINK, { code: 'defect', retryable: false }],
])('%s has no signed link in it, and no cause', (_, error, expected) => {
  const problem = problemOf(error);
  expect(problem).toMatchObject(expected);
  expect(JSON.stringify(problem)).not.toMatch(/0123456789abcdef|cause/);
});
