/** Who is a person in a text: a decision table. */
import { peopleIn } from '../../../lib/review/estate/people';

interface Row {
  readonly name: string;
  readonly text: string;
  /** Last part of the attribute's path. */
  readonly key?: string;
  readonly people: readonly string[];
}

const table: readonly Row[] = [
  { name: 'an address', text: 'ops@example.com', people: ['ops@example.com'] },
  { name: 'an address with a plus sign', text: 'ops+aws@example.com', people: ['ops+aws@example.com'] },
  { name: 'an address with a slash', text: 'ops/aws@example.com', people: ['ops/aws@example.com'] },
  { name: 'an address with two at signs', text: 'a@b@example.com', people: ['a@b@example.com'] },
  { name: 'an address with a colon', text: 'a:b@example.com', people: ['a:b@example.com'] },
  { name: 'an address in other letters', text: 'röt@bücher.example', people: ['röt@bücher.example'] },
  { name: 'an address with Punycode', text: 'a@xn--bcher-kva.xn--p1ai', people: ['a@xn--bcher-kva.xn--p1ai'] },
  { name: 'an address as a link', text: 'mailto:ops@example.com', people: ['ops@example.com'] },
  {
    name: 'an address as a link with a subject',
    text: 'MAILTO:ops@example.com?subject=x',
    people: ['ops@example.com'],
  },
  { name: 'an address with a name', text: 'Ops <ops@example.com>', people: ['ops@example.com'] },
  { name: 'an address in quotes', text: '{"to":"ops@example.com"}', people: ['ops@example.com'] },
  { name: 'an address at the end of a sentence', text: 'Ask ops@example.com.', people: ['ops@example.com'] },
  {
    name: 'several addresses',
    text: 'a@example.com, b@example.com;c@example.com',
    people: ['a', 'b', 'c'].map((each) => `${each}@example.com`),
  },
  { name: 'the same address twice', text: 'a@example.com a@example.com', people: ['a@example.com'] },
  { name: 'a domain alone', text: '@example.com', people: [] },
  { name: 'a host without a domain', text: 'ops@localhost', people: [] },
  { name: 'an empty label', text: 'ops@example..com', people: [] },
  { name: 'only dots', text: 'a@....../', people: [] },
  { name: 'a version of a package', text: 'left-pad@1.3.0', people: [] },
  { name: 'a version of a scoped package', text: '@scope/pad@1.3.0', people: [] },
  { name: 'a digest of an image', text: 'example.com/image@sha256:0a1b', people: [] },
  { name: 'a repository', text: 'git@github.com:example/repository.git', people: [] },
  { name: 'an address with a scheme', text: 'https://ops@example.com', people: [] },
  { name: 'an ARN', text: 'arn:aws:sts::123456789012:assumed-role/r/ops@example.com', people: [] },
  { name: 'a telephone number', text: '+4915112345678', people: ['+4915112345678'] },
  { name: 'a telephone number with spaces', text: '+49 (151) 1234-5678', people: ['+49 (151) 1234-5678'] },
  { name: 'a telephone number as a link', text: 'tel:+4915112345678', people: ['+4915112345678'] },
  { name: 'two telephone numbers', text: '+4915112345678,+12065550100', people: ['+4915112345678', '+12065550100'] },
  { name: 'a number that is too short', text: '+123456', people: [] },
  { name: 'a number that is too long', text: '+1234567890123456', people: [] },
  { name: 'a number without a plus sign', text: '12065550100', key: 'endpoint', people: ['12065550100'] },
  {
    name: 'a telephone number without a plus sign',
    text: '1-206-555-0100',
    key: 'phone_number',
    people: ['1-206-555-0100'],
  },
  { name: 'a number in another attribute', text: '12065550100', key: 'target', people: [] },
  { name: 'a port', text: '8443', key: 'endpoint', people: [] },
  { name: 'a date', text: '2026-11-30', key: 'endpoint', people: [] },
  { name: 'a quoted local part', text: '"on call"@example.com', people: ['"on call"@example.com'] },
  { name: 'a quoted local part with a quotation mark', text: '"a\\"b"@example.com', people: ['"a\\"b"@example.com'] },
  { name: 'a quoted local part with an at sign', text: '"a@b"@example.com', people: ['"a@b"@example.com'] },
  {
    name: 'a quoted local part as a link',
    text: 'mailto:"on,call"@example.com',
    people: ['mailto:"on,call"@example.com'],
  },
  { name: 'an empty quoted local part', text: '""@example.com', people: ['""@example.com'] },
  { name: 'a partly quoted local part', text: 'on."call"@example.com', people: ['on."call"@example.com'] },
  {
    name: 'a quoted local part in a list',
    text: 'a@example.com, "b c"@example.com',
    people: ['a@example.com', '"b c"@example.com'],
  },
  {
    name: 'a quoted local part in angle brackets',
    text: 'Ops <"on call"@example.com>',
    people: ['"on call"@example.com'],
  },
  ...["'", '`', '{', '|', '}', "''"].map((end) => ({
    name: `a local part that ends with ${end}`,
    text: `a${end}@example.com`,
    people: [`a${end}@example.com`],
  })),
  { name: 'a local part with a comment', text: 'a(b)@example.com', people: ['a(b)@example.com'] },
  { name: 'a domain with a comment', text: 'a@(b)example.com', people: ['a@(b)example.com'] },
  { name: 'an IP address as the domain', text: 'a@[192.0.2.1]', people: ['a@[192.0.2.1]'] },
  { name: 'an IPv6 address as the domain', text: '"a b"@[IPv6:2001:db8::1]', people: ['"a b"@[IPv6:2001:db8::1]'] },
  { name: 'domains in a list', text: "['@example.com', '@example.org']", people: [] },
  { name: 'a domain in quotes', text: '"@example.com"', people: [] },
  { name: 'quotation marks that can be a local part', text: '"a","@example.com"', people: ['a","@example.com'] },
  { name: 'a package in quotes', text: "'@scope/pad'@1.3.0", people: [] },
  { name: 'nothing', text: '', people: [] },
];

// With a pattern that reads the text before each at sign again from each of its characters, one of these takes minutes.
const SIZE = 1_000_000;
it.each<[string, string]>([
  ['opening quotation marks', '"a'.repeat(SIZE / 2)],
  ['at signs', '@'.repeat(SIZE)],
  ['apostrophes and at signs', "a'@".repeat(SIZE / 3)],
  ['quotation marks and at signs', '"a@'.repeat(SIZE / 3)],
  ['backslashes and at signs', '\\\\@'.repeat(SIZE / 3)],
  ['escaped quotation marks and at signs', '\\"@'.repeat(SIZE / 3)],
  ['comments and at signs', 'a(b)@'.repeat(SIZE / 5)],
  ['labels and at signs', '1.1.1.@'.repeat(SIZE / 7)],
])('reads a long text of %s once', (_, text) => {
  expect(peopleIn(text, 'target')).toEqual([]);
});

test.each(table)('$name', ({ text, key = 'target', people }) => {
  expect(peopleIn(text, key)).toEqual(people);
});
