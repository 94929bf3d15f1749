/** JSON in attributes: which texts it contains, and what happens if there are many, or if they have long keys. */
import { textsInJson } from '../../../lib/review/estate/json-texts';

test('JSON inside JSON with more texts than a call can have arguments', () => {
  const texts = textsInJson(JSON.stringify({ input: JSON.stringify(Array(200_000).fill('a')) }));
  expect(texts).toHaveLength(200_001);
  expect(texts?.[200_000]).toEqual({ path: 'input[199999]', text: 'a' });
});
