/** Lists in sentences. */
import { listInWords } from '../../lib/contract/text';

it.each([
  [[], {}, ''],
  [['a'], { last: 'or' }, 'a'],
  [['a', 'b'], { last: 'or' }, 'a or b'],
  [['a', 'b', 'c'], { last: 'and' }, 'a, b and c'],
  [['a', 'b', 'c'], {}, 'a, b, c'],
  [['a', 'b', 'c'], { most: 3 }, 'a, b, c'],
  [['a', 'b', 'c'], { most: 2 }, 'a, b and 1 more'],
  [['a', 'b', 'c', 'd'], { most: 2, last: 'or' }, 'a, b or 2 more'],
] as const)('%j with %j is %j', (items, options, text) => {
  expect(listInWords(items, options)).toBe(text);
});
