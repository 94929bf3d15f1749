/** Schemas of passkeys and of the data that passkeys sign. Binary values are base64url without padding. */
import * as z from 'zod';
import { envelope } from './event-envelope';
import { BECAUSE, lineOf } from './text';

/** SHA-256 in lower-case hexadecimal digits. */
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** A base64url string that encodes `min` to `max` bytes. */
const bytes = (min: number, max: number) =>
  z.string().regex(new RegExp(`^[A-Za-z0-9_-]{${Math.ceil((min * 4) / 3)},${Math.ceil((max * 4) / 3)}}$`));

/** Id of a passkey. Source: https://www.w3.org/TR/webauthn-3/#credential-id (16 to 1,023 bytes) */
export const credentialId = bytes(16, 1023).describe('Id of a passkey.');
/** 32 random bytes that the broker generated. */
export const nonce = z
  .string()
  // The last character encodes only four bits. Other last characters would decode to the same bytes, so they are
  // rejected.
  .regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/)
  .describe('32 random bytes from the broker, valid once and for minutes.');

/**
 * A complete WebAuthn assertion, as stored in the record, so that anyone with the public key can verify the assertion
 * again. Source: https://www.w3.org/TR/webauthn-3/#authenticatorassertionresponse
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

/** The console at which a passkey is used. The host and the origin are fixed when the passkey is registered. */
export const relyingParty = z
  .strictObject({
    /** Host of the console, for example `leases.example.com`. */
    id: z.string().min(1).max(253),
    /** Origin of the console, for example `https://leases.example.com`. */
    origin: z.string().min(8).max(300),
  })
  .readonly();
export type RelyingParty = z.infer<typeof relyingParty>;

/** A person's passkey, as stored in the person's key record. */
export const passkey = z
  .strictObject({
    id: credentialId,
    publicKey,
    /** The name that the owner gave the passkey. */
    label: z.string().regex(lineOf(1, 60)),
    /** The signature counter at registration. Passkeys that are synchronized between devices always send 0. */
    counter: z.int().min(0),
    /** Whether the passkey is, or may become, synchronized between devices. */
    synced: z.boolean(),
    relyingParty,
  })
  .readonly();
export type Passkey = z.infer<typeof passkey>;

const because = z.string().regex(BECAUSE);
const person = z.string().min(1).max(64);

/** The body of an event in a person's key record, by event type. */
export const keyEventBody = z.discriminatedUnion('type', [
  /**
   * An administrator issued a one-time code for the person's first key. The record contains only the hash of the code.
   */
  z
    .strictObject({
      type: z.literal('code-issued'),
      by: person,
      code: hash,
      until: z.int(),
      /**
       * Whether the person's keys may sign administrative actions for other people. Keys that are added later have the
       * same permission.
       */
      administrator: z.boolean(),
      /** The console at which the key will be used. */
      relyingParty,
      /** Absent only for the first code of an environment, when nobody has a key yet. */
      assertion: assertion.exactOptional(),
    })
    .readonly(),
  /** Someone used a wrong one-time code for this person. */
  z.strictObject({ type: z.literal('code-refused') }).readonly(),
  z
    .strictObject({
      type: z.literal('key-registered'),
      key: passkey,
      /** The hash of the one-time code; absent if an earlier key of the person signed the registration. */
      code: hash.exactOptional(),
      /** The signature by an earlier key of the person; for a first key, by the new key itself. */
      assertion,
    })
    .readonly(),
  z
    .strictObject({
      type: z.literal('key-removed'),
      key: credentialId,
      by: person,
      because,
      /** The signature by a key of the person who removed this key. */
      assertion,
    })
    .readonly(),
]);

export type KeyEventBody = z.infer<typeof keyEventBody>;

/** A stored event of a person's key record, with the same format and hash chain as a lease event. */
export const keyEvent = z
  // The field `lease` contains the name of the record: `keys#` and the person's name.
  .strictObject({ ...envelope, body: keyEventBody })
  .readonly();
export type KeyEvent = z.infer<typeof keyEvent>;

/** A passkey signature that is sent with a request. */
export const consent = z.strictObject({
  assertion,
  /** The ticket that was returned together with the nonce. */
  ticket: z.string().max(100),
});
export type Consent = z.infer<typeof consent>;

/** Answer of `nonce`. */
export const nonceAnswer = z.strictObject({
  nonce,
  ticket: z.string().describe('Send it back with the signature.'),
  expiresAt: z.int().describe('Seconds since 1970.'),
  relyingParty: relyingParty.describe('The host and the origin of the console where passkeys are used.'),
  person: person.describe('Name of the caller, as it appears in statements.'),
  environment: z
    .string()
    .describe('Project, environment and account as they are in statements, for example `hermes/prod/123456789012`.'),
});
export type NonceAnswer = z.infer<typeof nonceAnswer>;

/** Body of `issueCode`. The administrator's client generates the one-time code and sends only the hash of the code. */
export const issueCodeBody = z.strictObject({
  code: hash.describe('SHA-256 of the one-time code, which must have at least 128 random bits.'),
  until: z.int().describe('The time at which the code expires, in seconds since 1970. At most a day from now.'),
  administrator: z.boolean().describe("Whether the person's keys may sign for other people."),
  consent: consent.optional().describe('Required, except for the first code of an environment.'),
});
export type IssueCodeBody = z.infer<typeof issueCodeBody>;

/** Body of `registerKey`. */
export const registerKeyBody = z.strictObject({
  label: z.string().regex(lineOf(1, 60)),
  creation: z
    .strictObject({ credential: credentialId, clientData: bytes(1, 4096), attestation: bytes(1, 6000) })
    .describe('What the browser returned when it created the passkey.'),
  code: z
    .string()
    // 26 characters from an alphabet of 36 have 134 bits of entropy.
    .regex(/^[0-9a-z]{26,64}$/)
    .optional()
    .describe('The one-time code, for the first passkey.'),
  consent: consent.describe('A signature with an earlier passkey. The first passkey signs its own registration.'),
});
export type RegisterKeyBody = z.infer<typeof registerKeyBody>;

/** Body of `removeKey`. */
export const removeKeyBody = z.strictObject({
  key: credentialId,
  because: because.describe('The reason, which is recorded: one line of 3 to 500 characters.'),
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
 * An exported audit: the unverified records from the broker. It contains all data for verifying the signatures in it,
 * and no secrets.
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
