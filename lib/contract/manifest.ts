/**
 * The `leasehold` output of a stack: everything that a client needs, without secrets. This is the only definition of
 * its shape; the code that writes it and the code that reads it infer their types from here. Durations are in seconds.
 *
 * The message of each check states what is expected, so that a reader can add the place and the value found.
 */
import * as z from 'zod';
import { NAME_ALPHABET, textOf } from './text';

/** The version of the manifest format. A client rejects versions that it does not support. */
export const MANIFEST_VERSION = 1;

/** The session tags that every lease has in addition to its parameter tags. */
const OWN_TAGS: readonly string[] = ['lease-id', 'reason'];

/** An object schema that drops unknown fields, so that later versions can add fields. */
function object<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape, 'an object');
}

/** A non-empty string. */
function text(longest = 4096) {
  const expected = `a text of 1 to ${longest} characters`;
  return z.string(expected).min(1, expected).max(longest, expected);
}

function matching(pattern: RegExp, expected: string) {
  return z.string(expected).regex(pattern, expected);
}

function oneOf<const T extends readonly [string, ...string[]]>(texts: T) {
  return z.enum(texts, texts.map((each) => `"${each}"`).join(' or '));
}

function whole(least: number) {
  const expected = `a whole number, at least ${least}`;
  return z.int(expected).min(least, expected);
}

function list<T extends z.ZodType>(element: T) {
  return z.array(element, 'a list').readonly();
}

/**
 * A schema for a map from names to values. The parsed object has no prototype, so that a lookup of `toString` finds
 * nothing.
 */
function byName<T extends z.ZodType>(value: T) {
  return z
    .record(z.string(), value, 'an object')
    .transform((found): Readonly<Record<string, z.output<T>>> => Object.assign(Object.create(null), found));
}

const arn = matching(/^arn:aws[a-z0-9-]*:iam::\d{12}:(?:user|role)\/[!-~]{1,600}$/, 'the ARN of a user or a role');
const region = matching(/^[a-z0-9-]{4,40}$/, 'a region, for example "eu-west-1"');

const brokerEntry = object({
  /**
   * URL of the broker's API with the stage, without a trailing slash. AWS generates a part of the URL at the first
   * apply.
   */
  url: text(),
  /** The region for signing API calls. */
  region,
  /** ARN of the role that each kind of person assumes. A kind without people is absent. */
  people: byName(arn).default(() => Object.create(null)),
  /** Address of the console, without a trailing slash; absent if nobody signs in with a browser. */
  console: text().exactOptional(),
}).readonly();

const agentEntry = object({
  arn,
  identity: text(),
  /** The required source identity of the agent's sessions; absent if the agent does not assume roles itself. */
  sourceIdentity: matching(textOf(NAME_ALPHABET, 2, 64), "the name of the agent's user").exactOptional(),
  /** Maps each approver to the serial number of the approver's MFA device on the agent's user. */
  mfaDevices: byName(matching(/^[\w+=/:,.@-]{9,256}$/, 'the serial number of an MFA device')),
}).readonly();

const brokeredEntry = object({
  /** Number of humans who must approve. */
  humans: whole(0),
  /** Number of seconds within which the humans must approve. */
  windowSeconds: whole(1),
  reviewer: oneOf(['off', 'advise', 'decide']),
  /** Who may request the role: agents by name, and people by group. */
  eligible: object({ agents: list(text()), groups: list(text()) }).readonly(),
}).readonly();

const parameterEntry = object({
  description: text(),
  /** A regular expression that must match the whole value. */
  pattern: text(256).refine(isRegularExpression, 'a regular expression').exactOptional(),
  /** The only permitted values. */
  values: list(text(256)).exactOptional(),
  /**
   * The verified identity from which the broker takes the value, for example `subject.sub`. The requester cannot choose
   * the value.
   */
  from: text(256).exactOptional(),
}).readonly();

const leaseLength = object({
  defaultSeconds: whole(1),
  /** Must be at least `defaultSeconds`; checked below. */
  maxSeconds: z.custom<number>(() => true),
})
  .superRefine(({ defaultSeconds, maxSeconds }, context) => {
    if (Number.isSafeInteger(maxSeconds) && maxSeconds >= defaultSeconds) return;
    context.addIssue({
      code: 'custom',
      path: ['maxSeconds'],
      message: `a whole number, at least ${defaultSeconds}`,
    });
  })
  .readonly();

const policyDocument = z.custom<ManifestPolicy>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'an object',
);

const handedEntry = object({
  name: text(256),
  arn: text(2048),
  /** Service principal to which the role may be passed. */
  to: text(256).exactOptional(),
  /** The role's maximum permissions, as declared in the project. */
  may: z.union([z.literal('administrator'), policyDocument], 'a policy, or "administrator"'),
  because: text(),
}).readonly();

/**
 * A role outside Leasehold that may be passed or assumed with a lease, and information about the role for approvers.
 */
export type HandedEntry = z.output<typeof handedEntry>;

const roleEntry = object({
  arn,
  purpose: text(),
  access: oneOf(['read', 'write', 'delete', 'write+delete']),
  gates: list(text()),
  agents: list(text()),
  lease: leaseLength,
  /**
   * The broker's requirements for issuing a lease of the role; absent if the role has no gate `broker` or no broker is
   * deployed.
   */
  broker: brokeredEntry.exactOptional(),
  parameters: byName(parameterEntry),
  /** Session tags that IAM requires for the lease. Other session tags are not accepted. */
  tags: list(text(128)),
  /**
   * The role's envelope as shown to approvers, with `${aws:PrincipalTag/param.x}` in place of a parameter. The deployed
   * policy also permits the holder of a lease to derive credentials with fewer permissions from the lease.
   */
  policy: policyDocument,
  /** The actions for which a human must approve each call; absent if there are none. */
  perCall: object({
    /** The role for single calls. */
    role: text(64),
    actions: list(text(200)),
    /** The resource of a call, with `${aws:PrincipalTag/param.call}` at its end. */
    resource: text(2048),
  })
    .readonly()
    .exactOptional(),
  /**
   * Name of the other role for which a lease of this role permits a single call; absent if the role is not for single
   * calls. Only `leasehold proxy` requests such a lease.
   */
  callOf: text(64).exactOptional(),
  /** Additional AWS-managed policies for a person's lease, each pinned to its text; absent if there are none. */
  managedPolicies: list(
    object({
      arn: text(2048),
      /** SHA-256 of the policy text as canonical JSON. */
      sha256: text(64),
      because: text(),
    }).readonly(),
  ).exactOptional(),
  /** Roles outside Leasehold that may be passed to a service with a lease; absent if there are none. */
  passes: list(handedEntry).exactOptional(),
  /** Roles outside Leasehold that may be assumed with a lease; absent if there are none. */
  assumes: list(handedEntry).exactOptional(),
})
  .superRefine(({ parameters, tags }, context) => {
    const expected = [...OWN_TAGS, ...Object.keys(parameters).map((name) => `param.${name}`)];
    if ([...tags].sort().join('\n') === [...expected].sort().join('\n')) return;
    context.addIssue({ code: 'custom', path: ['tags'], message: `the tags ${expected.join(', ')}` });
  })
  .readonly();

/** An IAM policy document. Code that displays the document must parse its statements. */
export interface ManifestPolicy {
  readonly Version?: string;
  readonly Statement: unknown;
}

/** The manifest of one environment. */
export const manifestSchema = object({
  version: z.literal(MANIFEST_VERSION, `version ${MANIFEST_VERSION}`),
  project: text(),
  environment: text(),
  stack: text(),
  account: matching(/^\d{12}$/, 'an account of 12 digits'),
  partition: matching(/^aws[a-z0-9-]*$/, 'a partition, for example "aws"'),
  region,
  /** Regional STS endpoint for requesting leases. */
  stsEndpoint: matching(/^https:\/\/[a-z0-9.-]+\/?$/i, 'the https address of a regional STS'),
  session: object({
    leaseIdPrefix: matching(textOf(NAME_ALPHABET, 1, 30), 'how lease ids begin, for example "lh-"'),
    reasonMinimum: whole(1),
  }).readonly(),
  /** The environment's broker; absent if no broker is deployed. */
  broker: brokerEntry.exactOptional(),
  agents: byName(agentEntry),
  roles: byName(roleEntry),
}).readonly();

export type Manifest = z.output<typeof manifestSchema>;
export type AgentEntry = z.output<typeof agentEntry>;
export type BrokerEntry = z.output<typeof brokerEntry>;
export type BrokeredEntry = z.output<typeof brokeredEntry>;
export type ParameterEntry = z.output<typeof parameterEntry>;
export type RoleEntry = z.output<typeof roleEntry>;

function isRegularExpression(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
