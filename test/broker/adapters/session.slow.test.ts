/** The tag that names approvers. */
import { approversTag } from '../../../lib/broker/adapters/session';

it.each([
  ['one', ['lead'], 'lead'],
  ['several, in the order in which they are given', ['lead', 'oncall'], 'lead oncall'],
  ['names that a tag cannot hold, visibly', ['a,b', 'c d', 'é'], 'a_b c_d é'],
])('names %s', (_, approvers, tag) => {
  expect(approversTag(approvers)).toBe(tag);
});

it('names as many as there is room for, and says that there are more', () => {
  const tag = approversTag(Array.from({ length: 40 }, (_, index) => `approver-${index}`));
  expect(tag.length).toBeLessThanOrEqual(256);
  expect(tag).toMatch(/^approver-0 approver-1 .* approver-\d+ \.\.\.$/);
  expect(approversTag(Array.from({ length: 4 }, () => 'x'.repeat(63)))).toHaveLength(255);
  expect(approversTag(['x'.repeat(300)])).toBe(' ...');
});
