/** An assertion is verified by two implementations, which must agree about every attack. */
import { createHash } from 'node:crypto';
import type { Assertion } from '@leasehold/contract/consent';
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import fc from 'fast-check';
import { verifySignature } from '../../../lib/broker/consent/signature';
import { type ConsentStatement, challengeOf, consentStatement } from '../../../lib/broker/consent/statement';
import { isAccepted, verifyTwice } from '../../../lib/broker/consent/webauthn';
import { aGrant, leaseOf, proposed, REQUESTED } from '../support';
import { Authenticator, aNonce, PARTY, type Twist } from './authenticator';

const key = new Authenticator();
const NONCE = aNonce();
const LEASE = leaseOf(REQUESTED, proposed(1));
const STATEMENT = consentStatement(LEASE, 'approve', 'lead') as ConsentStatement;
const CHALLENGE = challengeOf(NONCE, STATEMENT);

/** What the library accepts, and the independent verification refuses. */
const LAX: ReadonlySet<string> = new Set([
  'a framed page',
  'a flag that is no boolean',
  'client data that is no base64url',
  'a signature with more after it',
]);

/**
 * What the independent verification finds: a counter or a fault. The library must find the same.
 * @param lax Whether the library is known to accept it.
 */
async function verdictOf(assertion: Assertion, challenge = CHALLENGE, by = key, lax = false): Promise<string> {
  const expected = { publicKey: by.publicKey, challenge, relyingParty: PARTY };
  const ours = await verifySignature(assertion, expected);
  expect(await isAccepted(assertion, expected)).toBe(ours.kind === 'valid' || lax);
  expect(await verifyTwice(assertion, expected)).toEqual(ours);
  return ours.kind === 'valid' ? `valid ${ours.counter}` : ours.fault;
}

describe('accepts', () => {
  it.each(['ES256', 'RS256'] as const)('%s', async (algorithm) => {
    const by = new Authenticator(algorithm);
    by.counter = 7;
    expect(await verdictOf(by.sign(STATEMENT, NONCE), CHALLENGE, by)).toBe('valid 7');
  });

  it('many signatures, whatever the length of their numbers', async () => {
    for (let times = 0; times < 60; times += 1) expect(await verdictOf(key.sign(STATEMENT, NONCE))).toBe('valid 0');
  });

  it('unknown members of the client data, as browsers add them', async () => {
    const clientData = { other_keys_can_be_added_here: 'do not compare clientDataJSON against a template' };
    expect(await verdictOf(key.sign(STATEMENT, NONCE, { clientData }))).toBe('valid 0');
  });
});

describe('refuses', () => {
  const other = (statement: ConsentStatement) => ({ challenge: challengeOf(NONCE, statement) });
  it.each<[string, Twist, string]>([
    ['another lease', other({ ...STATEMENT, lease: 'lh-2' }), 'another-statement'],
    [
      'another grant',
      other(
        consentStatement(
          leaseOf(REQUESTED, proposed(1, aGrant({ seconds: 601 }))),
          'approve',
          'lead',
        ) as ConsentStatement,
      ),
      'another-statement',
    ],
    ['another person', other({ ...STATEMENT, approver: 'oncall' }), 'another-statement'],
    ['a flipped decision', other({ ...STATEMENT, decision: 'deny' }), 'another-statement'],
    ['a wider scope', other({ ...STATEMENT, scope: { ...STATEMENT.scope, seconds: 3600 } }), 'another-statement'],
    ['another environment', other({ ...STATEMENT, environment: 'hermes/prod/123456789012' }), 'another-statement'],
    ['another deadline', other({ ...STATEMENT, until: STATEMENT.until + 1 }), 'another-statement'],
    ['another nonce', { challenge: challengeOf(aNonce(), STATEMENT) }, 'another-statement'],
    ['the digest without the nonce', { challenge: CHALLENGE.slice(43) }, 'another-statement'],
    ['another origin', { origin: 'https://leases.example.com.evil.example' }, 'another-origin'],
    ['the origin with another port', { origin: 'https://leases.example.com:8443' }, 'another-origin'],
    ['the origin without TLS', { origin: 'http://leases.example.com' }, 'another-origin'],
    ['another relying party', { rpId: 'evil.example' }, 'another-relying-party'],
    ['a registration', { type: 'webauthn.create' }, 'another-ceremony'],
    ['nobody present', { flags: 0x04 }, 'user-absent'],
    ['a person who was not verified', { flags: 0x01 }, 'user-not-verified'],
    ['a framed page', { clientData: { crossOrigin: true } }, 'framed'],
    [
      'a page framed by a named one',
      { clientData: { crossOrigin: true, topOrigin: 'https://evil.example' } },
      'framed',
    ],
    ['a named frame without the flag', { clientData: { topOrigin: 'https://evil.example' } }, 'framed'],
    ['a flag that is no boolean', { clientData: { crossOrigin: 'no' } }, 'framed'],
    ['attested data in a sign-in', { flags: 0x45 }, 'malformed'],
    ['extensions that are announced and missing', { flags: 0x85 }, 'malformed'],
    ['bytes after the data', { extension: Buffer.from([0xa0]) }, 'malformed'],
  ])('%s', async (what, twist, fault) => {
    expect(await verdictOf(key.sign(STATEMENT, NONCE, twist), CHALLENGE, key, LAX.has(what))).toBe(fault);
  });

  it('another key', async () => {
    expect(await verdictOf(new Authenticator().sign(STATEMENT, NONCE))).toBe('wrong-signature');
  });

  it('the key of another algorithm', async () => {
    const rsa = new Authenticator('RS256');
    expect(await verdictOf(rsa.sign(STATEMENT, NONCE))).toBe('wrong-signature');
    expect(await verdictOf(key.sign(STATEMENT, NONCE), CHALLENGE, rsa)).toBe('wrong-signature');
  });

  const signed = key.sign(STATEMENT, NONCE);
  const cut = (text: string) => text.slice(0, -4);
  it.each<[string, Partial<Assertion>, string]>([
    ['no client data', { clientData: '' }, 'malformed'],
    ['client data that is no base64url', { clientData: `${signed.clientData}=` }, 'malformed'],
    ['client data that is no JSON', { clientData: Buffer.from('{').toString('base64url') }, 'malformed'],
    ['client data that is no object', { clientData: Buffer.from('null').toString('base64url') }, 'malformed'],
    [
      'client data that is no UTF-8',
      { clientData: Buffer.from([0x22, 0xff, 0x22]).toString('base64url') },
      'malformed',
    ],
    [
      'client data with the challenge twice',
      {
        clientData: Buffer.from(
          `{"type":"webauthn.get","challenge":"x","challenge":"${CHALLENGE}","origin":"${PARTY.origin}"}`,
        ).toString('base64url'),
      },
      'malformed',
    ],
    ['no authenticator data', { authenticatorData: '' }, 'malformed'],
    ['short authenticator data', { authenticatorData: cut(signed.authenticatorData) }, 'malformed'],
    ['authenticator data that is no base64url', { authenticatorData: '****' }, 'malformed'],
    ['no signature', { signature: '' }, 'wrong-signature'],
    ['a cut signature', { signature: cut(signed.signature) }, 'wrong-signature'],
    ['a signature with more after it', { signature: `${signed.signature}AAAA` }, 'wrong-signature'],
    ['a signature of zeros', { signature: Buffer.alloc(70).toString('base64url') }, 'wrong-signature'],
  ])('%s, without a crash', async (what, change, fault) => {
    expect(await verdictOf({ ...signed, ...change }, CHALLENGE, key, LAX.has(what))).toBe(fault);
  });

  it.each(['clientData', 'authenticatorData', 'signature'] as const)('%s of 75 kB, without a crash', async (member) => {
    const fault = member === 'signature' ? 'wrong-signature' : 'malformed';
    expect((await verdictOf({ ...signed, [member]: 'A'.repeat(100_000) })) === fault).toBe(true);
  });

  it('any changed byte, without a crash', async () => {
    const members = ['clientData', 'authenticatorData', 'signature'] as const;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...members),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (member, at, by) => {
          const bytes = Buffer.from(signed[member], 'base64url');
          const index = at % bytes.length;
          bytes[index] = (bytes[index] ?? 0) ^ by;
          const expected = { publicKey: key.publicKey, challenge: CHALLENGE, relyingParty: PARTY };
          const changed = { ...signed, [member]: bytes.toString('base64url') };
          expect(await verifySignature(changed, expected)).toMatchObject({ kind: 'invalid' });
          expect(await verifyTwice(changed, expected)).toMatchObject({ kind: 'invalid' });
        },
      ),
      { numRuns: 200 },
    );
  });
});

it('the authenticator of these tests is one that the library itself accepts', async () => {
  const { credential, clientData, authenticatorData, signature } = key.sign(STATEMENT, NONCE, { counter: 9 });
  const result = await verifyAuthenticationResponse({
    response: {
      id: credential,
      rawId: credential,
      type: 'public-key',
      clientExtensionResults: {},
      response: { clientDataJSON: clientData, authenticatorData, signature },
    },
    expectedChallenge: CHALLENGE,
    expectedOrigin: PARTY.origin,
    expectedRPID: PARTY.id,
    credential: { id: credential, publicKey: new Uint8Array(key.cose()), counter: 8 },
  });
  expect(result).toMatchObject({ verified: true, authenticationInfo: { newCounter: 9, userVerified: true } });
  expect(createHash('sha256').update(PARTY.id).digest('base64url')).toBe(
    Buffer.from(authenticatorData, 'base64url').subarray(0, 32).toString('base64url'),
  );
});
