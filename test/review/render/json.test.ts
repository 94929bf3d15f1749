import { join } from 'node:path';
import Ajv from 'ajv';
import { REVIEW_SCHEMA_FILE, reviewData, reviewJson, reviewSchemaText } from '../../../lib/review/render/json';
import { expectFile } from '../../cli/support';
import { sampleReview } from './sample';

const ROOT = join(__dirname, '..', '..', '..');
const validate = new Ajv({ strict: true }).compile(JSON.parse(reviewSchemaText()));

it(`${REVIEW_SCHEMA_FILE} is what the renderer is checked against`, () => {
  expectFile(join(ROOT, REVIEW_SCHEMA_FILE), reviewSchemaText());
});

it('the JSON of a review is what its schema says', () => {
  expect([validate(JSON.parse(reviewJson(sampleReview()))), validate.errors]).toEqual([true, null]);
});

it('nothing of a review is missing from its JSON', () => {
  const review = sampleReview();
  const text = reviewJson(review);
  const told = (value: unknown): void => {
    if (typeof value === 'string') expect(text).toContain(JSON.stringify(value).slice(1, -1));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(told);
  };
  told(review);
});

it.each([
  ['a field that no one knows', { extra: 1 }],
  ['another version', { version: 2 }],
  ['a severity that there is not', { worst: 'awful' }],
  [
    'a permission change of no kind',
    { identities: [{ ...reviewData(sampleReview()).identities[0], permissions: {} }] },
  ],
])('the schema refuses %s', (_, change) => {
  expect(validate({ ...reviewData(sampleReview()), ...change })).toBe(false);
});
