/** JSON in attributes: which texts it contains, and what happens if there are many, or if they have long keys. */
import { LONGEST_PATH, textsInJson } from '../../../lib/review/estate/json-texts';
import { namesIn } from '../../../lib/review/estate/names-in-texts';
import { ACCOUNT, change, reviewOf, short } from '../planned';

test('JSON inside JSON with more texts than a call can have arguments', () => {
  const texts = textsInJson(JSON.stringify({ input: JSON.stringify(Array(200_000).fill('a')) }));
  expect(texts).toHaveLength(200_001);
  expect(texts?.[200_000]).toEqual({ path: 'input[199999]', text: 'a' });
});

const LONG = 'k'.repeat(LONGEST_PATH + 1);
const PART = 'k'.repeat(LONGEST_PATH / 2);

/** Each would repeat a long key for every text below it. */
test.each([
  { name: 'a long key', json: { [LONG]: ['a'] } },
  { name: 'a long key that the path spells shorter', json: { ['-'.repeat(LONGEST_PATH + 1)]: 'a' } },
  { name: 'keys that are long together', json: { [PART]: { [PART]: ['a'] } } },
  { name: 'long keys in JSON inside JSON', json: { [PART]: JSON.stringify({ [PART]: 'a' }) } },
])('$name cannot be read', ({ json }) => {
  expect(textsInJson(JSON.stringify(json))).toBe('unreadable');
});

test('keys of the maximum length can be read', () => {
  const key = 'k'.repeat(LONGEST_PATH);
  expect(textsInJson(JSON.stringify({ [key]: 'a' }))).toEqual([
    { path: 'key', text: key },
    { path: key, text: 'a' },
  ]);
});

const QUEUE = 'arn:aws:sqs:eu-west-1:444455556666:theirs';
const bucket = { what: 'bucket', value: 'theirs', sends: true };
const nested = (value: unknown, times: number): unknown =>
  times === 0 ? value : JSON.stringify([nested(value, times - 1)]);
const spelled = (text: string) =>
  [...text].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** Names in JSON that cannot be read, in an attribute that is no destination. */
test.each([
  { name: 'a queue', json: { [LONG]: '', Queue: QUEUE }, expect: { what: 'account', value: QUEUE, sends: true } },
  { name: 'a bucket', json: { [LONG]: '', Bucket: 'theirs' }, expect: bucket },
  { name: 'a bucket in a list', json: { [LONG]: '', buckets: { Bucket: ['ours', 'theirs'] } }, expect: bucket },
  { name: 'a bucket in JSON inside JSON', json: [LONG, nested({ Bucket: 'theirs' }, 4)], expect: bucket },
  {
    name: 'a bucket with escaped letters in JSON inside JSON',
    json: [nested(`{"${spelled('Bucket')}":"${spelled('theirs')}"}`, 3)],
    expect: bucket,
  },
])('a definition that cannot be read sends to $name', ({ json, expect: expected }) => {
  const text = JSON.stringify(Array.isArray(json) ? [...json, { [LONG]: '' }] : json);
  expect(textsInJson(text)).toBe('unreadable');
  expect(namesIn(text, 'value', 'aws_ssm_parameter')).toContainEqual(expect.objectContaining(expected));
});

/** The keys of a map are an attribute's path as well. */
test.each([
  { name: 'a queue', value: QUEUE, expect: 'high outside-resource' },
  { name: 'a bucket', value: 'theirs', expect: 'medium outside-resource' },
  { name: 'a person', value: 'ops@example.com', expect: 'low outside-resource' },
])('a map with a long key sends to $name', async ({ value, expect: expected }) => {
  const values = { content: { [LONG]: { [LONG]: [value] } } };
  const { findings } = await reviewOf([OWN, change('aws_ssm_parameter.new', { after: values })]);
  expect(findings.map(({ severity, id }) => `${severity} ${id}`)).toEqual([expected]);
  expect(findings[0]?.place.attribute).toBe(`content.${LONG}`.slice(0, LONGEST_PATH + 1));
});

test('a map with a long key sends to a value that is known only after apply', async () => {
  const review = await reviewOf([
    OWN,
    change('aws_ssm_parameter.new', { after: {}, unknown: { content: { [LONG]: [true] } } }),
  ]);
  expect(short(review)).toEqual(['low outside-resource']);
});

const OWN = change('aws_sqs_queue.ours', { same: { arn: `arn:aws:sqs:eu-west-1:${ACCOUNT}:ours`, name: 'ours' } });
