/** Long texts from an attacker do not occupy the server: the time grows with the length, and not with its square. */
import { redactText } from '../../../lib/mcp/aws/redact';
import { REMOVED } from '../../../lib/mcp/secrets';

// With a pattern that reads a text again from each of its characters, one of these takes hours.
const SIZE = 500_000;
it.each<[string, string]>([
  ['the beginnings of links', 'https://a'.repeat(SIZE / 9)],
  ['a link that does not end', `https://a?${'x'.repeat(SIZE)}`],
  ['links with empty queries', 'http://a?&'.repeat(SIZE / 10)],
  ['question marks', `https://a${'?'.repeat(SIZE)}`],
  ['names of parameters', `https://a?${'x-amz-'.repeat(SIZE / 6)}`],
  ['colons and signs', `a://${':@'.repeat(SIZE / 2)}`],
  ['words of schemes', 'a.b-c+d'.repeat(SIZE / 7)],
  ['names of secrets', 'session_token'.repeat(SIZE / 13)],
  ['a name of a secret, and blanks', `session_token${' '.repeat(SIZE)}`],
  ['beginnings of keys', '-----BEGIN '.repeat(SIZE / 11)],
  ['beginnings of tags', '<Password '.repeat(SIZE / 10)],
  ['opening tags', '<token>'.repeat(SIZE / 7)],
  ['opening and closing tags', `${'<token>'.repeat(SIZE / 15)}${'</token>'.repeat(SIZE / 15)}`],
  ['closing tags', '</token>'.repeat(SIZE / 8)],
  ['a name of a tag', `<${'a'.repeat(SIZE)}`],
  ['escaped tags', '&lt;token'.repeat(SIZE / 9)],
  ['names of elements in pairs', '<key>token</key>'.repeat(SIZE / 16)],
  ['attributes', `<a ${'name=a '.repeat(SIZE / 7)}>`.repeat(2)],
  ['tags with attributes', '<a name="a">'.repeat(SIZE / 12)],
  ['values before names of elements', '<value>a</value>'.repeat(SIZE / 16)],
  ['a name of a value', 'a'.repeat(SIZE)],
  ['names of values', 'a:'.repeat(SIZE / 2)],
  ['names with quotes', `name="`.repeat(SIZE / 6)],
  ['names in pairs', `key='token' `.repeat(SIZE / 12)],
  ['values in pairs', `key='token' ${`a='1' `.repeat(SIZE / 6)}`],
  ['a pair that does not end', `key='token' ${'a'.repeat(SIZE / 2)}{${`value=''`.repeat(SIZE / 20)}`],
  ['values before a name', `value='' `.repeat(SIZE / 9)],
  ['values in values', 'value='.repeat(SIZE / 6)],
  ['values and names in values', 'value=name=token/'.repeat(SIZE / 17)],
  ['lists in values', 'value=['.repeat(SIZE / 7)],
  ['structures in secrets', 'token=|'.repeat(SIZE / 7)],
  ['secrets in words', 'token: a/'.repeat(SIZE / 9)],
  ['quoted secrets without an end', `'token=a`.repeat(SIZE / 8)],
  ['quotes of many kinds', `value="name='id=\\"value=&quot;token=\\\\'`.repeat(SIZE / 38)],
  ['escaped secrets', '\\ntoken=a'.repeat(SIZE / 9)],
  ['names without values', 'token='.repeat(SIZE / 6)],
  ['names of headers', 'cookie: ='.repeat(SIZE / 9)],
  ['options', '--token '.repeat(SIZE / 8)],
  ['commas', `token=${',a'.repeat(SIZE / 2)}`],
  ['line breaks', `token=a\n`.repeat(SIZE / 8)],
  ['blanks in lines', `name=a${'\n '.repeat(SIZE / 2)}`],
  ['backslashes in a value', `token="${'\\'.repeat(SIZE)}`],
  ['escaped quotes in a value', `token=\\"${'\\\\\\"'.repeat(SIZE / 4)}`],
  ['beginnings of web tokens', 'eyJaaaaaaaa.'.repeat(SIZE / 12)],
  ['beginnings of web tokens in one word', 'eyJaaaaaaaa-'.repeat(SIZE / 12)],
  ['escaped slashes', `https:${'\\/'.repeat(SIZE / 2)}`],
  ['blanks in the beginning of a key', `-----BEGIN ${' '.repeat(SIZE)}`],
])('a long text of %s is read once', (_, text) => {
  const clean = redactText(text);
  expect(clean.length).toBeLessThanOrEqual(text.length * REMOVED.length);
});
