/** Quotas of IAM and STS, except the sizes of documents. */
import { LONGEST_TAG_KEY, LONGEST_TAG_VALUE, NAME_ALPHABET, TAG_ALPHABET, textOf } from '@leasehold/contract/text';

export interface Quota {
  /** The quota of a new account. */
  readonly value: number;
  /** The maximum to which AWS raises the quota on request; absent if the quota is fixed. */
  readonly adjustableTo?: number;
  readonly source: string;
  /** Notes about values that are inferred, or about sources that contradict each other. */
  readonly note?: string;
}

const IAM = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html';
const ASSUME_ROLE = 'https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html';

/** Maximum numbers of items per account or identity. */
export const COUNT_QUOTAS = {
  managedPoliciesPerUser: { value: 10, adjustableTo: 20, source: IAM },
  managedPoliciesPerRole: {
    value: 10,
    adjustableTo: 25,
    source: IAM,
    note: 'Earlier versions of the quota page state a maximum of 20.',
  },
  managedPoliciesPerGroup: { value: 10, source: IAM },
  groupsPerUser: { value: 10, source: IAM },
  boundariesPerIdentity: { value: 1, source: IAM },
  versionsPerManagedPolicy: { value: 5, source: IAM },
  rolesPerAccount: {
    value: 1000,
    adjustableTo: 5000,
    source: IAM,
    note: 'Newer public sources state a maximum of 10,000.',
  },
  managedPoliciesPerAccount: { value: 1500, adjustableTo: 5000, source: IAM },
  usersPerAccount: { value: 5000, source: IAM },
  oidcProvidersPerAccount: {
    value: 100,
    adjustableTo: 700,
    source: IAM,
    note: 'According to earlier versions of the quota page, this quota cannot be changed.',
  },
  accessKeysPerUser: { value: 2, source: IAM },
  mfaDevicesPerUser: { value: 8, source: IAM },
  tagsPerResource: { value: 50, source: IAM },
  sessionTags: { value: 50, source: ASSUME_ROLE },
  sessionPolicyArns: { value: 10, source: ASSUME_ROLE },
} as const satisfies Readonly<Record<string, Quota>>;

/**
 * A string that IAM or STS accepts: its length in characters, and the pattern that the whole string must match. The
 * pattern also checks the length.
 */
export interface TextQuota {
  readonly min: number;
  readonly max: number;
  readonly pattern: RegExp;
  readonly source: string;
  readonly note?: string;
}

const CREATE_ROLE = 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html';
const CREATE_POLICY = 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html';
const CREATE_USER = 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html';
const SESSION_TAGS = 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html';

export const TEXT_QUOTAS = {
  roleName: { min: 1, max: 64, pattern: textOf(NAME_ALPHABET, 1, 64), source: CREATE_ROLE },
  userName: { min: 1, max: 64, pattern: textOf(NAME_ALPHABET, 1, 64), source: CREATE_USER },
  policyName: { min: 1, max: 128, pattern: textOf(NAME_ALPHABET, 1, 128), source: CREATE_POLICY },
  path: {
    min: 1,
    max: 512,
    pattern: /^(?=.{1,512}$)\/([\x21-\x7e]+\/)?$/,
    source: CREATE_ROLE,
    note: 'The console can switch to a role only if the path and the name of the role together have at most 64 characters.',
  },
  roleSessionName: { min: 2, max: 64, pattern: textOf(NAME_ALPHABET, 2, 64), source: ASSUME_ROLE },
  sourceIdentity: {
    min: 2,
    max: 64,
    pattern: textOf(NAME_ALPHABET, 2, 64),
    source: ASSUME_ROLE,
    note: 'The prefix aws: is reserved. The pattern excludes this prefix, because the pattern does not allow a colon.',
  },
  externalId: { min: 2, max: 1224, pattern: textOf(`:/${NAME_ALPHABET}`, 2, 1224), source: ASSUME_ROLE },
  mfaSerialNumber: { min: 9, max: 256, pattern: textOf(`:/${NAME_ALPHABET}`, 9, 256), source: ASSUME_ROLE },
  mfaTokenCode: { min: 6, max: 6, pattern: /^[0-9]{6}$/, source: ASSUME_ROLE },
  tagKey: {
    min: 1,
    max: 128,
    pattern: new RegExp(`^(?!aws:)[${TAG_ALPHABET}]{1,${LONGEST_TAG_KEY}}$`, 'iu'),
    source: SESSION_TAGS,
    note: 'Keys that differ only in case are the same key. The prefix aws: is reserved. Leasehold counts Unicode code points; AWS does not document how it counts characters.',
  },
  tagValue: {
    min: 0,
    max: 256,
    pattern: textOf(TAG_ALPHABET, 0, LONGEST_TAG_VALUE),
    source: SESSION_TAGS,
    note: 'Leasehold counts Unicode code points; AWS does not document how it counts characters.',
  },
} as const satisfies Readonly<Record<string, TextQuota>>;

/** A range of seconds. */
export interface DurationQuota {
  readonly min: number;
  readonly max: number;
  /** The duration if the caller gives none. */
  readonly default?: number;
  readonly source: string;
  readonly note?: string;
}

export const DURATION_QUOTAS = {
  assumeRole: { min: 900, max: 43_200, default: 3600, source: ASSUME_ROLE },
  chainedAssumeRole: {
    min: 900,
    max: 3600,
    default: 3600,
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_terms-and-concepts.html',
    note: 'This maximum applies regardless of the maximum session duration of the role.',
  },
  maxSessionDuration: { min: 3600, max: 43_200, default: 3600, source: CREATE_ROLE },
  getSessionToken: {
    min: 900,
    max: 129_600,
    default: 43_200,
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html',
  },
  getScopedCredentials: {
    min: 1,
    max: 129_600,
    source: 'https://docs.aws.amazon.com/STS/latest/APIReference/API_GetScopedCredentials.html',
    note: "Never longer than the caller's own credentials are valid.",
  },
} as const satisfies Readonly<Record<string, DurationQuota>>;
