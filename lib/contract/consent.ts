/** Schemas of passkeys and of what they sign. Binary values are base64url without padding. */
import * as z from 'zod';
import { envelope } from './event-envelope';
import { lineOf } from './text';

/** SHA-256 in lower-case hexadecimal digits. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** The base64url characters of `min` to `max` bytes. */
const bytes = (min: number, max: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((min * 4) / 3)},${Math.ceil((max * 4) / 3)}}$`));

/** Id of a passkey. Source: https://www.w3.org/TR/webauthn-3/#credential-id (16 to 1,023 bytes) */
export const credentialId = bytes(16, 1023).describe('Id of a passkey.');
/** 32 random bytes that the broker made. */
export const nonce = z
  .string()
  // The last character encodes four bits: any other would decode to the same bytes.
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
  .describe('32 random bytes from the broker, valid once and for minutes.');

/**
 * A complete WebAuthn assertion, as the record keeps it: whoever has the public key can verify it again.
 * Source: https://www.w3.org/TR/webauthn-3/#authenticatorassertionresponse
 */
export const assertion = z
  .strictObject({
    type: z.literal('webauthn.assertion/1'),
    credential: credentialId,
    clientData: bytes(1, 4096).describe('The bytes of `clientDataJSON`.'),
    authenticatorData: bytes(37, 1024),
    signature: bytes(8, 1024),
    nonce,
  })
  .readonly();
export type Assertion = z.infer<typeof assertion>;

/** A public key of one of the permitted algorithms: ES256, or RS256 with at least 2,048 bits. */
export const publicKey = z.discriminatedUnion('kty', [
  z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: bytes(32, 32), y: bytes(32, 32) }).readonly(),
  z.strictObject({ kty: z.literal('RSA'), n: bytes(256, 512), e: z.literal('AQAB') }).readonly(),
]);
export type PublicKey = z.infer<typeof publicKey>;

/** Where a passkey is used. Both are fixed when it is registered. */
export const relyingParty = z
  .strictObject({
    /** Host of the console, for example `leases.example.com`. */
    id: z.string().min(1).max(253),
    /** Origin of the console, for example `https://leases.example.com`. */
    origin: z.string().min(8).max(300),
  })
  .readonly();
export type RelyingParty = z.infer<typeof relyingParty>;

/** A passkey of a person, as their record keeps it. */
export const passkey = z
  .strictObject({
    id: credentialId,
    publicKey,
    /** The name that its owner gave it. */
    label: z.string().regex(lineOf(1, 60)),
    /** The signature counter at registration. Passkeys that are synchronized between devices always send 0. */
    counter: z.int().min(0),
    /** Whether the passkey is, or may become, synchronized between devices. */
    synced: z.boolean(),
    relyingParty,
  })
  .readonly();
export type Passkey = z.infer<typeof passkey>;

const because = z.string().regex(lineOf(3, 500));
const person = z.string().min(1).max(64);

/** The body of an event in a person's record of keys, by its type. */
export const keyEventBody = z.discriminatedUnion('type', [
  /** An administrator issued a one-time code for the person's first key. The record has only its hash. */
  z
    .strictObject({
      type: z.literal('code-issued'),
      by: person,
      code: hash,
      until: z.int(),
      /** Whether the person's keys may sign for others. Further keys inherit it. */
      administrator: z.boolean(),
      /** Where the key will be used. */
      relyingParty,
      /** Absent only for the first code of an environment: nobody could sign yet. */
      assertion: assertion.exactOptional(),
    })
    .readonly(),
  /** Somebody presented a wrong code as this person. */
  z.strictObject({ type: z.literal('code-refused') }).readonly(),
  z
    .strictObject({
      type: z.literal('key-registered'),
      key: passkey,
      /** The hash of the one-time code; absent where an earlier key of the person signed. */
      code: hash.exactOptional(),
      /** By an earlier key of the person; for a first key, by the key itself. */
      assertion,
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal('key-removed'),
      key: credentialId,
      by: person,
      because,
      /** By a key of the person who removed it. */
      assertion,
    })
    .readonly(),
]);

export type KeyEventBody = z.infer<typeof keyEventBody>;

/** A stored event of a person's record of keys. It has the same shape and chain as an event of a lease. */
export const keyEvent = z
  // `lease` is the name of the record: `keys#` and the person's name.
  .strictObject({ ...envelope, body: keyEventBody })
  .readonly();
export type KeyEvent = z.infer<typeof keyEvent>;

/** A signature with a request. */
export const consent = z.strictObject({
  assertion,
  /** What came with the nonce. */
  ticket: z.string().max(100),
});
export type Consent = z.infer<typeof consent>;

/** Answer of `nonce`. */
export const nonceAnswer = z.strictObject({
  nonce,
  ticket: z.string().describe('Send it back with the signature.'),
  expiresAt: z.int().describe('Seconds since 1970.'),
  relyingParty: relyingParty.describe('Where passkeys are used: host and origin of the console.'),
});
export type NonceAnswer = z.infer<typeof nonceAnswer>;

/** Body of `issueCode`. The administrator's client makes the code and sends only its hash. */
export const issueCodeBody = z.strictObject({
  code: hash.describe('SHA-256 of the one-time code, which must have at least 128 random bits.'),
  until: z.int().describe('When the code expires, at most a day from now, in seconds since 1970.'),
  administrator: z.boolean().describe("Whether the person's keys may sign for other people."),
  consent: consent.optional().describe('Absent only for the first code of an environment.'),
});
export type IssueCodeBody = z.infer<typeof issueCodeBody>;

/** Body of `registerKey`. */
export const registerKeyBody = z.strictObject({
  label: z.string().regex(lineOf(1, 60)),
  creation: z
    .strictObject({ credential: credentialId, clientData: bytes(1, 4096), attestation: bytes(1, 6000) })
    .describe('What the browser returned when it made the passkey.'),
  code: z
    .string()
    // 26 characters of 36 are 134 bits.
    .regex(/^[0-9a-z]{26,64}$/)
    .optional()
    .describe('The one-time code, for the first passkey.'),
  consent: consent.describe('By an earlier passkey; for the first one, by itself.'),
});
export type RegisterKeyBody = z.infer<typeof registerKeyBody>;

/** Body of `removeKey`. */
export const removeKeyBody = z.strictObject({
  key: credentialId,
  because: because.describe('Why, for the record: one line of 3 to 500 characters.'),
  consent,
});
export type RemoveKeyBody = z.infer<typeof removeKeyBody>;

/** Answer of `keys`, `issueCode`, `registerKey` and `removeKey`: the record, which the client verifies. */
export const keyRecord = z.strictObject({
  person: z.string(),
  events: z.array(
    z.strictObject({ ...keyEvent.unwrap().omit({ body: true }).shape, body: z.looseObject({ type: z.string() }) }),
  ),
  unauthentic: z.array(z.int()).optional().describe("Sequences of events that the broker's function did not write."),
});
export type KeyRecord = z.infer<typeof keyRecord>;

/**
 * An exported audit: what the broker returned, unverified. It contains everything that proves the signatures in it, and no
 * secret.
 */
export const auditExport = z.strictObject({
  format: z.literal('leasehold.audit/1'),
  leases: z.array(
    z.strictObject({
      lease: z.string(),
      events: z.array(z.unknown()),
      unauthentic: z.array(z.int()).optional(),
      unreadable: z.literal(true).optional().describe('The broker could not list the events.'),
    }),
  ),
  people: z.array(
    z.strictObject({ person: z.string(), events: z.array(z.unknown()), unauthentic: z.array(z.int()).optional() }),
  ),
});
export type AuditExport = z.infer<typeof auditExport>;
