/** What is signed: one digest for one statement. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import {
  type ConsentStatement,
  challengeOf,
  consentStatement,
  type KeyStatement,
  type PrincipalStatement,
  type RevocationStatement,
  type Statement,
  statementText,
} from '../../../lib/broker/consent/statement';
import { aGrant, leaseOf, proposed, REQUESTED } from '../support';
import { aNonce } from './authenticator';

const NONCE = aNonce();
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom('', 'a', 'é', 'e\u0301', '","lease":"b', '\u202e', 'lh-1', 'dev'),
);
const whole = fc.integer({ min: 0, max: 2_000_000_000 });

const consents: fc.Arbitrary<ConsentStatement> = fc.record({
  profile: fc.constant('leasehold.consent/1'),
  decision: fc.constantFrom('approve', 'deny', 'revoke'),
  lease: text,
  grantHash: text,
  scope: fc.record(
    {
      role: text,
      parameters: fc.dictionary(text, text, { maxKeys: 2, noNullPrototype: true }),
      seconds: whole,
      because: text,
    },
    { requiredKeys: ['role', 'parameters', 'seconds'] },
  ),
  approver: text,
  environment: text,
  until: whole,
});
const keys: fc.Arbitrary<KeyStatement> = fc.record({
  profile: fc.constant('leasehold.keys/1'),
  decision: fc.constantFrom('code-issued', 'key-registered', 'key-removed'),
  person: text,
  scope: fc.record({ credential: text, because: text }),
  approver: text,
  environment: text,
  previous: text,
});
const principals: fc.Arbitrary<PrincipalStatement> = fc.record({
  profile: fc.constant('leasehold.principal/1'),
  decision: fc.constant('set'),
  principal: text,
  scope: fc.record({
    before: fc.record({ policy: text, groups: fc.array(text, { maxLength: 3 }) }),
    policy: text,
    groups: fc.array(text, { maxLength: 3 }),
    version: whole,
  }),
  approver: text,
  environment: text,
  previous: text,
});
const revocations: fc.Arbitrary<RevocationStatement> = fc.record({
  profile: fc.constant('leasehold.revocation/1'),
  decision: fc.constant('revoke'),
  scope: fc.oneof(
    fc.record({ role: text, because: text }),
    fc.record({ requester: text, because: text }),
    fc.record({ all: fc.constant(true as const), because: text }),
  ),
  approver: text,
  environment: text,
});
const statements: fc.Arbitrary<Statement> = fc.oneof(consents, keys, principals, revocations);

/** Independent of the canonical text: every value by its path, with texts in normal form C. */
function valuesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value === 'string') return [`${path} text ${JSON.stringify(value.normalize('NFC'))}`];
  if (typeof value !== 'object' || value === null) return [`${path} ${typeof value} ${String(value)}`];
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const kind = Array.isArray(value) ? 'list' : 'object';
  return [
    `${path} ${kind} ${members.length}`,
    ...members.flatMap(([key, member]) => valuesOf(member, `${path}/${JSON.stringify(key.normalize('NFC'))}`)),
  ].sort();
}

/** A statement with two keys that normal form C makes equal has no digest at all. */
function challengeOrNone(statement: Statement): string | undefined {
  try {
    return challengeOf(NONCE, statement);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

it('two statements have the same challenge only if every value is the same', () => {
  fc.assert(
    fc.property(statements, statements, (a, b) => {
      const [first, second] = [challengeOrNone(a), challengeOrNone(b)];
      fc.pre(first !== undefined && second !== undefined);
      expect(first === second).toBe(valuesOf(a).join('\n') === valuesOf(b).join('\n'));
    }),
    { numRuns: 500 },
  );
});

it('a statement with one other value has another challenge', () => {
  const members = ['decision', 'lease', 'grantHash', 'scope', 'approver', 'environment', 'until', 'profile'] as const;
  fc.assert(
    fc.property(consents, consents, fc.constantFrom(...members), (a, b, member) => {
      const other = { ...a, [member]: b[member] } as ConsentStatement;
      const [first, second] = [challengeOrNone(a), challengeOrNone(other)];
      fc.pre(first !== undefined && second !== undefined);
      expect(first === second).toBe(valuesOf(a[member]).join() === valuesOf(b[member]).join());
    }),
    { numRuns: 500 },
  );
});

it('is the nonce and the SHA-256 of the canonical text, as anybody can compute it', () => {
  const lease = leaseOf(REQUESTED, proposed(1));
  const statement = consentStatement(lease, 'approve', 'lead');
  expect(statementText(statement as ConsentStatement)).toBe(
    '{"approver":"lead","decision":"approve","environment":"hermes/dev/123456789012",' +
      `"grantHash":"${lease.proposal?.hash}","lease":"lh-1","profile":"leasehold.consent/1",` +
      '"scope":{"parameters":{"release":"1.4.2"},"role":"s3-deploy","seconds":600},"until":1800}',
  );
  const digest = createHash('sha256')
    .update(statementText(statement as ConsentStatement))
    .digest();
  expect(Buffer.from(challengeOf(NONCE, statement as ConsentStatement), 'base64url')).toEqual(
    Buffer.concat([Buffer.from(NONCE, 'base64url'), digest]),
  );
});

it('covers the grant, the reason of a denial, and the end of an issued lease', () => {
  const pending = leaseOf(REQUESTED, proposed(1));
  const changed = leaseOf(REQUESTED, proposed(1, aGrant({ reason: 'Something else' })));
  const all = [
    consentStatement(pending, 'approve', 'lead'),
    consentStatement(changed, 'approve', 'lead'),
    consentStatement(pending, 'deny', 'lead', 'No'),
    consentStatement(pending, 'deny', 'lead', 'No.'),
    consentStatement({ ...pending, issued: { until: 900 } }, 'revoke', 'lead', 'No'),
    consentStatement(pending, 'revoke', 'lead', 'No'),
  ];
  expect(new Set(all.map((each) => challengeOf(NONCE, each as Statement))).size).toBe(all.length);
  expect(consentStatement(leaseOf(REQUESTED), 'approve', 'lead')).toBeUndefined();
});

it.each([
  ['too short', 'AAAA'],
  ['too long', `${NONCE}AAAA`],
  ['no base64url', `${NONCE.slice(1)}=`],
])('refuses a nonce that is %s, so that the digest starts at one place', (_, nonce) => {
  const statement = consentStatement(leaseOf(REQUESTED, proposed(1)), 'approve', 'lead');
  expect(() => challengeOf(nonce, statement as Statement)).toThrow(TypeError);
});
