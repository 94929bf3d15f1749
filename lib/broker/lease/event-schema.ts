/**
 * What events consist of, each stated once: the types of {@link import('./event').LeaseEvent} are inferred from here, and a
 * record is read by it. A new field of an event is added here; the compiler names what must write, fold and show it.
 *
 * Only readers of records load this file: everything else imports types alone.
 */
import type { PolicyDocument } from '@leasehold/policy';
import * as z from 'zod';
import type { Json } from '../canonical';

const text = z.string();
const texts = z.record(text, text).readonly();
const list = z.array(text).readonly();
/** Whole seconds, or seconds since 1970. */
const seconds = z.int();
/** Any JSON: nobody but the hash reads it. */
const json = z.custom<Json>((value) => value !== undefined);

/** An agent or a person that asks: the authenticated caller. */
export const requesterSchema = z
  .strictObject({
    kind: z.enum(['agent', 'person']),
    /** Name in the definitions or the store, for example `agent` or `alice`. */
    name: text,
    /** Account and user or role, without the session, for example `123456789012 user/agents/hermes-dev-agent`. */
    key: text,
    /** Groups that it is in; sorted. */
    groups: list,
  })
  .readonly();

/** The verified end user on whose behalf a requester acts: claims of a token whose signature was checked. */
export const subjectSchema = z
  .strictObject({
    issuer: text,
    sub: text,
    /** Further claims that a parameter may be bound to. */
    claims: texts,
  })
  .readonly();

/** A human who says yes or no with MFA. */
export const approverSchema = z
  .strictObject({
    /** Name among the environment's approvers; the session name that AWS ties to the person. */
    name: text,
  })
  .readonly();

/** Rendered, and fixed: another byte is another grant, which asks for approvals of its own. */
export const grantSchema = z
  .strictObject({
    version: z.literal(1),
    project: text,
    environment: text,
    account: text,
    role: text,
    roleArn: text,
    /** The session policy: the envelope with the parameters filled in, or less. */
    policy: z
      .strictObject({
        Version: z.enum(['2012-10-17', '2008-10-17']).exactOptional(),
        // Only as JSON: `grantHash` covers it whole, and who shows it reads it as AWS does, or says that it cannot.
        Statement: z.custom<PolicyDocument['Statement']>((value) => typeof value === 'object' && value !== null),
      })
      .readonly(),
    parameters: texts,
    /** Session tags; `approvers` is added when the lease is issued, since it is not known before. */
    tags: texts,
    sourceIdentity: text,
    /** Length of the lease. */
    seconds,
    /** {@link import('../identity').Requester.key} */
    requester: text,
    /** `issuer sub` of the subject. */
    subject: text.exactOptional(),
    /** The full text; the session tag holds what a tag can hold of it. */
    reason: text,
    /** What will run with the lease, as the requester says. Nothing holds the requester to it. */
    command: text.exactOptional(),
  })
  .readonly();

/** What a reviewer came to, as approvers are shown it. */
export const reviewSchema = z
  .strictObject({
    decision: z.enum(['allow', 'deny', 'escalate', 'failed']),
    risk: z.enum(['low', 'medium', 'high']).exactOptional(),
    /** Why; of a failure, how it failed. */
    sentence: text,
    /** The answer as it came, for the record. */
    answer: json.exactOptional(),
  })
  .readonly();

/** Why a lease was refused, for machines. */
export const denialCodeSchema = z.enum([
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

/** The body of an event, by its type. */
export const eventBodySchema = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('requested'),
      requester: requesterSchema,
      subject: subjectSchema.exactOptional(),
      /** What was asked for, as it came. */
      asked: z.record(text, json).readonly(),
    })
    .readonly(),
  z.strictObject({ type: z.literal('reviewed'), model: text, review: reviewSchema }).readonly(),
  z
    .strictObject({
      type: z.literal('proposed'),
      grant: grantSchema,
      /** Humans that must say yes. */
      humans: z.int(),
      /** Who may. */
      approvers: list,
      /** When the question lapses. */
      until: seconds,
    })
    .readonly(),
  z.strictObject({ type: z.literal('approved'), by: approverSchema, hash: text }).readonly(),
  z
    .strictObject({
      type: z.literal('denied'),
      by: z.union([approverSchema, z.literal('broker')]),
      code: denialCodeSchema,
      because: text,
    })
    .readonly(),
  z.strictObject({ type: z.literal('lapsed') }).readonly(),
  /** Written before the session is cut. */
  z.strictObject({ type: z.literal('issued'), hash: text, until: seconds }).readonly(),
  /** AWS said no when the session was to be cut: there are no credentials, and it can be tried again. */
  z.strictObject({ type: z.literal('failed'), call: text, code: text }).readonly(),
  z.strictObject({ type: z.literal('collected'), by: text }).readonly(),
  z.strictObject({ type: z.literal('revoked'), by: text, because: text }).readonly(),
]);

/** An event as it is stored: append-only, numbered, and chained to the one before. */
export const storedEventSchema = z
  .strictObject({
    lease: text,
    /** From 1, without gaps. */
    sequence: z.int().min(1),
    /** When it was appended, in seconds since 1970; never before the event before it. */
    at: seconds,
    /** Hash of the event before; empty for the first. */
    previous: text,
    body: eventBodySchema,
  })
  .readonly();
