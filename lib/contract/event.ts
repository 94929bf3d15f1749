/**
 * The events of a lease: the only definition of their fields. Types are inferred from these schemas, records are read
 * with them, and the views of a lease are built from them. CONTRIBUTING.md lists the steps for adding a field.
 */
import * as z from 'zod';
import { assertion } from './consent';
import { envelope } from './event-envelope';
import type { PolicyDocument } from './policy-document';

export type { Chained } from './event-envelope';

/** A value that has a canonical form. Members that are `undefined` are omitted, as in JSON. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

const text = z.string();
const texts = z.record(text, text).readonly();
const list = z.array(text).readonly();
/** Seconds: a duration, or a time since 1970. */
const seconds = z.int();
/** Any JSON value. It is used only for the hash. */
const json = z.custom<Json>((value) => value !== undefined);

/** An agent or a person that requests leases: the authenticated caller. */
export const requester = z
  .strictObject({
    kind: z.enum(['agent', 'person']),
    /** Name of the principal, for example `agent` or `alice`. */
    name: text,
    /** Account and user or role, without the session, for example `123456789012 user/agents/hermes-dev-agent`. */
    key: text,
    /** Groups of the requester, sorted. */
    groups: list,
  })
  .readonly();
export type Requester = z.infer<typeof requester>;

/** The verified end user on whose behalf a requester acts: claims of a token whose signature was checked. */
export const subject = z
  .strictObject({
    issuer: text,
    sub: text,
    /** Additional claims to which a parameter may be bound. */
    claims: texts,
  })
  .readonly();
export type Subject = z.infer<typeof subject>;

/** A human who approves or denies a lease, with the MFA session of an IAM user or with a passkey. */
export const approver = z
  .strictObject({
    /**
     * Name in the environment's list of approvers. For an IAM user, this name is also the session name, which AWS binds
     * to the user.
     */
    name: text,
  })
  .readonly();
export type Approver = z.infer<typeof approver>;

/**
 * A rendered grant, which is immutable. If a single byte changes, the result is a different grant, which needs its own
 * approvals.
 */
export const grant = z
  .strictObject({
    version: z.literal(1),
    project: text,
    environment: text,
    account: text,
    role: text,
    roleArn: text,
    /** The session policy: the role's envelope with parameter values inserted, or a narrower policy. */
    policy: z
      .strictObject({
        Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
        // Validated only as JSON. `grantHash` covers the whole value. Code that displays it parses it in the same way
        // as AWS, or reports that it cannot.
        Statement: z.custom<PolicyDocument['Statement']>((value) => typeof value === 'object' && value !== null),
      })
      .readonly(),
    /**
     * AWS-managed policies that the session has in addition to `policy`, each with the hash of its text. The approval
     * covers only the text with this hash, not a later version.
     */
    managedPolicies: z
      .array(z.strictObject({ arn: text, sha256: text }).readonly())
      .readonly()
      .exactOptional(),
    parameters: texts,
    /**
     * Session tags. The tag `approvers` is added when the lease is issued, because the approvers are not known before.
     */
    tags: texts,
    sourceIdentity: text,
    /** Duration of the lease. */
    seconds,
    /** {@link Requester.key} */
    requester: text,
    /** `issuer sub` of the subject. */
    subject: text.exactOptional(),
    /** The full reason. The session tag contains only the characters that a tag permits. */
    reason: text,
    /** The command that will run with the lease, as the requester states it. It is not enforced. */
    command: text.exactOptional(),
  })
  .readonly();
export type Grant = z.infer<typeof grant>;

/** The result of a review, as shown to approvers. */
export const review = z
  .strictObject({
    decision: z.enum(['allow', 'deny', 'escalate', 'failed']),
    risk: z.enum(['low', 'medium', 'high']).exactOptional(),
    /** The reason; for a failed review, the cause of the failure. */
    sentence: text,
    /** The reviewer's unchanged answer, for the record. */
    answer: json.exactOptional(),
  })
  .readonly();
export type Review = z.infer<typeof review>;

/** Machine-readable reason of a denial. */
export const denialCode = z.enum([
  'not-eligible',
  'invalid-request',
  'over-budget',
  'outside-hours',
  'reviewer-denied',
  'reviewer-failed',
  'outside-envelope',
  'too-large',
  'approver-denied',
]);
export type DenialCode = z.infer<typeof denialCode>;

/** Machine-readable reason why the credentials of an approved lease are withheld. */
export const withheldCode = z.enum([
  'not-eligible',
  'invalid-request',
  'outside-hours',
  'outside-envelope',
  'too-large',
  'lapsed',
]);
export type WithheldCode = z.infer<typeof withheldCode>;

/** The body of an event, by its type. */
export const eventBody = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('requested'),
      requester,
      subject: subject.exactOptional(),
      /** The original request, unchanged. */
      asked: z.record(text, json).readonly(),
    })
    .readonly(),
  z.strictObject({ type: z.literal('reviewed'), model: text, review }).readonly(),
  z
    .strictObject({
      type: z.literal('proposed'),
      grant,
      /** Number of humans who must approve. */
      humans: z.int(),
      /** Names of the permitted approvers. */
      approvers: list,
      /** When the approval request expires. */
      until: seconds,
      /** Whether each approval must be signed with a passkey. */
      signed: z.literal(true).exactOptional(),
    })
    .readonly(),
  z
    .strictObject({ type: z.literal('approved'), by: approver, hash: text, assertion: assertion.exactOptional() })
    .readonly(),
  z
    .strictObject({
      type: z.literal('denied'),
      by: z.union([approver, z.literal('broker')]),
      code: denialCode,
      because: text,
      /** Present only if an approver denied the lease. */
      assertion: assertion.exactOptional(),
    })
    .readonly(),
  z.strictObject({ type: z.literal('lapsed') }).readonly(),
  /** This event is stored before the session is issued. */
  z.strictObject({ type: z.literal('issued'), hash: text, until: seconds }).readonly(),
  /** AWS rejected the call that issues the session. No credentials were issued, and the call can be repeated. */
  z.strictObject({ type: z.literal('failed'), call: text, code: text }).readonly(),
  /**
   * The broker did not issue the session, because the current definitions or the requester's groups no longer permit
   * the lease. The lease keeps its state: if the permission is restored in time, the lease can be collected.
   */
  z.strictObject({ type: z.literal('withheld'), code: withheldCode, because: text }).readonly(),
  z.strictObject({ type: z.literal('collected'), by: text }).readonly(),
  z
    .strictObject({ type: z.literal('revoked'), by: text, because: text, assertion: assertion.exactOptional() })
    .readonly(),
]);

export type EventBody = z.infer<typeof eventBody>;
export type EventType = EventBody['type'];

/** A stored event: append-only, numbered, and chained to the event before it. */
export const leaseEvent = z.strictObject({ ...envelope, body: eventBody }).readonly();
export type LeaseEvent = z.infer<typeof leaseEvent>;

/** A stored event whose body is not checked, so that an audit can also show an event that it cannot read. */
export const storedEvent = z.strictObject({ ...envelope, body: z.looseObject({ type: text }) });
export type StoredEvent = z.infer<typeof storedEvent>;
