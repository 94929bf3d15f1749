/** A secret in any supported shape never appears in an answer, however the shape is nested. */
import fc from 'fast-check';
import { withoutNamedSecrets, withoutSecretsInText } from '../../../lib/mcp/aws/named-values';

const letters = fc.constantFrom(...'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789');
const core = fc.string({ unit: letters, minLength: 8, maxLength: 20 }).map((text) => `q7Z${text}`);

/** A secret of two parts. No part may appear. */
interface Secret {
  readonly parts: readonly string[];
  readonly text: string;
}

const secret = (between: readonly string[]): fc.Arbitrary<Secret> =>
  fc
    .tuple(core, fc.constantFrom(...between), core)
    .map(([first, middle, last]) => ({ parts: [first, last], text: `${first}${middle}${last}` }));

const plain = secret(['', '-', '_', '.', '+', '!', '/', '%', '~']);
const anything = secret(['', ' ', '"', "'", '\\', '`', '<', '&', '{', '}', ';', ',', '=', ':', '#', '@', 'é', '\\"']);

const NAMES = [
  'password',
  'DB_PASSWORD',
  'dbPass',
  'api-key',
  'apiKey2',
  'Authorization',
  'Set-Cookie',
  'client_secret',
];
const MORE = ['sessionToken', 'MYSQL_PWD', 'passphrase', 'private_key', 'token', 'connectionString', 'x-api-key'];
const name = fc.constantFrom(...NAMES, ...MORE);

const MEMBERS: readonly (readonly [string, string])[] = [
  ...[['name', 'value'] as const, ['key', 'value'] as const, ['field', 'value'] as const],
  ...[['id', 'stringValue'] as const, ['Name', 'Value'] as const, ['ParameterKey', 'ParameterValue'] as const],
];

/** JSON values with a secret. */
const VALUES: readonly ((name: string, secret: string) => unknown)[] = [
  (key, text) => ({ [key]: text }),
  (key, text) => ({ [key]: [text, { a: text }] }),
  (key, text) => ({ command: ['run', `--${key}`, text] }),
  (_, text) => ({ environment: { LOG: text } }),
  (_, text) => ({ ENV_VARS: [{ name: 'LOG', value: text }] }),
  (_, text) => ({ 'environment-variables': [{ DEFAULT_VALUE: 'a', LOG: text }] }),
  ...MEMBERS.map(([first, second]) => (key: string, text: string) => ({ [first]: key, [second]: text })),
  ...MEMBERS.map(([first, second]) => (key: string, text: string) => ({ [second]: text, [first]: key })),
];

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const quoted = (text: string, quote: string) =>
  `${quote}${text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)}${quote}`;

/** Texts with a secret that may contain any character but line breaks. */
const TEXTS: readonly ((name: string, secret: string) => string)[] = [
  (key, text) => `${key}=${text}`,
  (key, text) => `export ${key}=${text}`,
  (key, text) => `${key}: ${text}`,
  (key, text) => `  - ${key}: ${text}`,
  (key, text) => `${key} = ${quoted(text, '"')}`,
  (key, text) => `${key} => ${quoted(text, "'")},`,
  (key, text) => `${key} := ${quoted(text, '`')}`,
  (key, text) => `config["${key}"] = ${quoted(text, '"')};`,
  (key, text) => `run --${key} ${quoted(text, '"')} --port 1`,
  (key, text) => `INFO {"a":1,${JSON.stringify(key)}:${JSON.stringify(text)}} done`,
  (key, text) => `INFO {"name":${JSON.stringify(key)},"value":${JSON.stringify(text)}} done`,
  (key, text) => `INFO {"value":${JSON.stringify(text)},"field":${JSON.stringify(key)}} done`,
  (key, text) => `INFO ${JSON.stringify(JSON.stringify({ [key]: text }))} done`,
  (key, text) => `INFO ${JSON.stringify(JSON.stringify(JSON.stringify({ [key]: text })))} done`,
  (key, text) => `<${key}>${xml(text)}</${key}>`,
  (key, text) => `<db ${key}="${xml(text)}" port="1"/>`,
  (key, text) => `<add key="${key}" value="${xml(text)}"/>`,
  (key, text) => `<add value="${xml(text)}" key="${key}"/>`,
  (key, text) => `<entry name="${key}">${xml(text)}</entry>`,
  (key, text) => `<dict><key>${key}</key><string>${xml(text)}</string></dict>`,
  (key, text) => `<Tag><Key>${key}</Key><Value>${xml(text)}</Value></Tag>`,
  (key, text) => xml(`<entry name="${key}">${xml(text)}</entry>`),
  (_, text) => `postgres://u:${encodeURIComponent(text)}@db.example:5432/shop`,
  (_, text) => `git clone https://${encodeURIComponent(text)}@git.example/a.git`,
  (_, text) => `-----BEGIN PRIVATE KEY-----\n${text}\n-----END PRIVATE KEY-----`,
];

/** Texts with a secret of one word. */
const WORDS: readonly ((name: string, secret: string) => string)[] = [
  (key, text) => `https://a.example?${key}=${text}&x=1`,
  (key, text) => `GET /a?x=1&${key}=${text} HTTP/1.1`,
  (key, text) => `https://a.example/b?x=1\\u0026${key}\\u003d${text}`,
  (key, text) => `Server=a;${key}=${text};Port=1`,
  (key, text) => `started with ${key}=${text}, port=1`,
  (key, text) => `run --${key}=${text} --port 1`,
  (key, text) => `run --${key} ${text} --port 1`,
  (key, text) => `${key}:${text}`,
];

/** Texts around a text. The text remains one of its own lines. */
const AROUND: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => `first line\n${text}\nlast line`,
  (text) => `{"level":"info"}\n${text}\n{"level":"info"}`,
  (text) => JSON.stringify({ Content: text }),
  (text) => JSON.stringify([JSON.stringify({ a: { b: [`x\n${text}\ny`] } })]),
  (text) => `${JSON.stringify({ message: `x\n${text}` })}\n${JSON.stringify({ message: 'y' })}`,
  (text) => ` ${JSON.stringify({ level: 1, message: text })} `,
];

const RUNS = { numRuns: Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500) };

function expectGone({ parts }: Secret, shown: string): void {
  for (const part of parts) expect(shown).not.toContain(part);
}

it('no part of a secret remains of a value, also if the value is JSON in texts', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...VALUES),
      name,
      anything,
      fc.integer({ min: 0, max: 6 }),
      (shape, key, text, texts) => {
        let value: unknown = { list: [shape(key, text.text)] };
        for (let level = 0; level < texts; level++) value = { text: JSON.stringify(value) };
        expectGone(text, JSON.stringify(withoutNamedSecrets(value)));
        expectGone(text, withoutSecretsInText(JSON.stringify(value)));
      },
    ),
    RUNS,
  );
});

it.each<[string, typeof TEXTS, fc.Arbitrary<Secret>]>([
  ['text', TEXTS, anything],
  ['text with words', WORDS, plain],
])('no part of a secret remains of a %s', (_, shapes, secrets) => {
  const around = fc.constantFrom(...AROUND);
  fc.assert(
    fc.property(fc.constantFrom(...shapes), name, secrets, around, around, (shape, key, text, inner, outer) => {
      expectGone(text, withoutSecretsInText(outer(inner(shape(key, text.text)))));
    }),
    RUNS,
  );
});
