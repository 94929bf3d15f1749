/** Which texts are ids of accounts, and which account a text names. */
import { accountIn, accountNamed, isAccountId } from '../../lib/review/account-ids';

test.each([
  { text: '123456789012', id: true, account: undefined, named: '123456789012' },
  { text: '12345678901', id: false, account: undefined, named: undefined },
  { text: '1234567890123', id: false, account: undefined, named: undefined },
  { text: '123456789012\n', id: false, account: undefined, named: undefined },
  { text: '１２３４５６７８９０１２', id: false, account: undefined, named: undefined },
  { text: 'arn:aws:iam::123456789012:root', id: false, account: '123456789012', named: '123456789012' },
  { text: 'arn:aws-cn:sqs:cn-north-1:123456789012:q', id: false, account: '123456789012', named: '123456789012' },
  { text: 'arn:aws:s3:::bucket', id: false, account: undefined, named: undefined },
  { text: 'arn:aws:iam::aws:policy/ReadOnlyAccess', id: false, account: undefined, named: undefined },
  { text: 'arn:aws:iam::*:root', id: false, account: undefined, named: undefined },
  { text: 'arn:aws:iam::123456789012', id: false, account: undefined, named: undefined },
  { text: 'aws:iam::x:123456789012:root', id: false, account: undefined, named: undefined },
  { text: '', id: false, account: undefined, named: undefined },
])('$text', ({ text, id, account, named }) => {
  expect([isAccountId(text), accountIn(text), accountNamed(text)]).toEqual([id, account, named]);
});

it('no text', () => {
  expect([isAccountId(undefined), accountIn(undefined)]).toEqual([false, undefined]);
});
