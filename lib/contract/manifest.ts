/**
 * The `leasehold` output of a stack: everything that a client needs in order to ask, and nothing secret. The one statement
 * of its shape: who writes it and who reads it infer their types from here. Durations are seconds.
 *
 * The message of each check says what is expected, so that a reader can add the place and what it found.
 */
import * as z from 'zod';
import { NAME_ALPHABET, textOf } from './text';

/** The version of the shape; a client refuses one that it does not know. */
export const MANIFEST_VERSION = 1;

/** Tags that a lease carries beside those of its parameters. */
const OWN_TAGS: readonly string[] = ['lease-id', 'reason'];

/** An object; fields that are not known are left out, so that a later version can add some. */
function object<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape, 'an object');
}

/** A text, not empty. */
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

/** Values by name. The object has no prototype: `toString` is no role. */
function byName<T extends z.ZodType>(value: T) {
  return z
    .record(z.string(), value, 'an object')
    .transform((found): Readonly<Record<string, z.output<T>>> => Object.assign(Object.create(null), found));
}

const arn = matching(/^arn:aws[a-z0-9-]*:iam::\d{12}:(?:user|role)\/[!-~]{1,600}$/, 'the ARN of a user or a role');
const region = matching(/^[a-z0-9-]{4,40}$/, 'a region, for example "eu-west-1"');

const brokerEntry = object({
  /** Address of its API with the stage, without a slash at the end. AWS makes up a part of it at the first apply. */
  url: text(),
  /** The region for which calls are signed. */
  region,
  /** ARNs of the roles that people take on, by kind; of a kind with nobody in it there is none. */
  people: byName(arn).default(() => Object.create(null)),
}).readonly();

const agentEntry = object({
  arn,
  identity: text(),
  /** What a session's source identity must be; absent for an agent that opens no role by itself. */
  sourceIdentity: matching(textOf(NAME_ALPHABET, 2, 64), "the name of the agent's user").exactOptional(),
  /** Approver → serial number of the MFA device enrolled for them on the agent's user. */
  mfaDevices: byName(matching(/^[\w+=/:,.@-]{9,256}$/, 'the serial number of an MFA device')),
}).readonly();

const brokeredEntry = object({
  /** Humans that must say yes. */
  humans: whole(0),
  /** Seconds in which they can. */
  windowSeconds: whole(1),
  reviewer: oneOf(['off', 'advise', 'decide']),
  /** Agents by name, and people by group, who may ask. */
  eligible: object({ agents: list(text()), groups: list(text()) }).readonly(),
}).readonly();

const parameterEntry = object({
  description: text(),
  /** A regular expression that a value must match as a whole. */
  pattern: text(256).refine(isRegularExpression, 'a regular expression').exactOptional(),
  /** The only values permitted. */
  values: list(text(256)).exactOptional(),
  /** The verified identity that the broker takes the value from, for example `subject.sub`; it cannot be chosen. */
  from: text(256).exactOptional(),
}).readonly();

const leaseLength = object({
  defaultSeconds: whole(1),
  /** At least `defaultSeconds`, which is checked below. */
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

const roleEntry = object({
  arn,
  purpose: text(),
  access: oneOf(['read', 'write', 'delete']),
  gates: list(text()),
  agents: list(text()),
  lease: leaseLength,
  /** What the broker asks before it opens the role; absent for a role that it does not open, or without a broker. */
  broker: brokeredEntry.exactOptional(),
  parameters: byName(parameterEntry),
  /** Session tags without which IAM refuses the lease; no others are accepted. */
  tags: list(text(128)),
  /**
   * The role's envelope: what an approver is shown, with `${aws:PrincipalTag/param.x}` where a parameter is. The deployed
   * policy also lets a lease attenuate itself.
   */
  policy: z.custom<ManifestPolicy>(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    'an object',
  ),
})
  .superRefine(({ parameters, tags }, context) => {
    const expected = [...OWN_TAGS, ...Object.keys(parameters).map((name) => `param.${name}`)];
    if ([...tags].sort().join('\n') === [...expected].sort().join('\n')) return;
    context.addIssue({ code: 'custom', path: ['tags'], message: `the tags ${expected.join(', ')}` });
  })
  .readonly();

/** An IAM policy document. Its statements are read by whoever shows them. */
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
  /** Regional STS endpoint on which leases are asked for. */
  stsEndpoint: matching(/^https:\/\/[a-z0-9.-]+\/?$/i, 'the https address of a regional STS'),
  session: object({
    leaseIdPrefix: matching(textOf(NAME_ALPHABET, 1, 30), 'how lease ids begin, for example "lh-"'),
    reasonMinimum: whole(1),
  }).readonly(),
  /** The environment's broker; absent where none is deployed. */
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
