/** Every error in words: what happened, and what to do. */
import { PROBLEM_CODES, PROBLEM_STATUS } from '@leasehold/contract';
import { BrokerRefusal, PageRefusal, SignedOut, SignInFailed, UnexpectedAnswer } from '../../console/app/api/errors';
import { explain } from '../../console/app/api/explain';
import { KeyFault } from '../../lib/broker/consent/key-fault';
import { LeaseFault } from '../../lib/broker/lease/fault';
import { PROBLEM_WORDS } from '../../lib/broker/problem-words';
import { UnshownGrant } from '../../lib/broker/words/grant';

const refusal = (detail: string, code: (typeof PROBLEM_CODES)[number] = 'wrong-state') =>
  new BrokerRefusal({
    type: 'about:blank',
    title: PROBLEM_WORDS[code].title,
    status: PROBLEM_STATUS[code],
    detail,
    code,
    hint: PROBLEM_WORDS[code].hint,
    retryable: false,
  });
const named = (name: string) => Object.assign(new Error('of the browser'), { name });

it.each([
  ...PROBLEM_CODES.map((code) => refusal('Something is wrong.', code)),
  new PageRefusal('The broker answered for another person.', 'Reload the page.'),
  new SignedOut(),
  new SignInFailed('The issuer denied the sign-in.'),
  new UnexpectedAnswer(502),
  new KeyFault('malformed', 'Event 2 cannot be read.'),
  new LeaseFault('malformed', 'Event 2 cannot be read.'),
  new UnshownGrant('it has NotAction'),
  new TypeError('Failed to fetch'),
  ...['NotAllowedError', 'AbortError', 'InvalidStateError', 'SecurityError', 'NotSupportedError'].map(named),
  new Error('anything'),
  'a text that was thrown',
  undefined,
])('%s', (error) => {
  const { title, detail, hint } = explain(error);
  expect(title).toMatch(/^[A-Z].*[^.]$/);
  expect(detail).toMatch(/\.$/);
  expect(hint).toMatch(/^[A-Z].*\.$/);
});

it('shows no invisible character of an answer', () => {
  const { detail } = explain(refusal('It is \u202edeined\u202c.'));
  expect(detail).toBe('It is \\u{202e}deined\\u{202c}.');
});

it('tells nothing of an unknown error, which may contain a token', () => {
  expect(JSON.stringify(explain(new Error('Bearer eyJhbGciOi')))).not.toContain('eyJ');
});
