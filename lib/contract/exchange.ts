/** The input and output of each operation. The table of routes does not contain them. */
import type * as z from 'zod';
import { administrationRecord, budgetList, groupList, revocationList } from './administration';
import {
  collected,
  consoleAddress,
  principalList,
  principalView,
  proposal,
  requestAnswer,
  revocationAnswer,
  roleList,
} from './answer';
import { issueCodeBody, keyRecord, nonceAnswer, registerKeyBody, removeKeyBody } from './consent';
import { eventList, leaseList, leaseView } from './lease';
import type { ProblemCode } from './problem';
import {
  approveBody,
  denyBody,
  leaseQuery,
  leasesQuery,
  principalBody,
  proposeBody,
  recordQuery,
  requestBody,
  revokeBody,
  revokeManyBody,
} from './request';
import type { Operation } from './routes';

/** The wire format of one operation. */
export interface Exchange {
  /** Schema of the JSON body (`content-type: application/json`). Absent if the operation has no body. */
  readonly body?: z.ZodType;
  /** Schema of the query string. Absent if the operation has no query string. */
  readonly query?: z.ZodType;
  /** Statuses of a successful answer. */
  readonly statuses: readonly number[];
  readonly answer: z.ZodType;
  /** Problem codes of this operation, in addition to those in {@link EVERYWHERE}. */
  readonly problems: readonly ProblemCode[];
}

/**
 * Problem codes that every operation can return. Operations with a body also have `unsupported-media-type` and
 * `too-large-body`.
 */
export const EVERYWHERE = [
  'malformed',
  'sign-in-invalid',
  'forbidden',
  'busy',
  'unavailable',
] as const satisfies readonly ProblemCode[];

/** Problem codes of operations that approve or deny a lease. */
const DECISION = ['not-found', 'broken-record', 'wrong-state', 'lapsed', 'expired', 'revoked'] as const;
/** Problem codes of operations that need a passkey's signature. */
const SIGNED = ['consent-required', 'consent-invalid'] as const;
/** Problem codes of operations that change a person's keys. */
const KEYS = [...SIGNED, 'enrolment-refused', 'not-found', 'broken-record', 'version-conflict'] as const;
/** Codes of denials by the broker. */
const DENIED_BY_BROKER = [
  'not-eligible',
  'invalid-request',
  'outside-hours',
  'reviewer-denied',
  'reviewer-failed',
  'outside-envelope',
  'too-large',
] as const satisfies readonly ProblemCode[];
/** Denial codes of a lease. */
const DENIED = [...DENIED_BY_BROKER, 'approver-denied'] as const satisfies readonly ProblemCode[];
/**
 * Problem codes of operations that return a lease's credentials. For a denied lease, the problem code is the denial
 * code.
 */
const HANDING_OVER = [
  ...DECISION,
  ...DENIED,
  'not-the-requester',
  'collected-already',
  'role-shut',
] as const satisfies readonly ProblemCode[];

/** Every operation by its name. */
export const EXCHANGES = {
  request: {
    body: requestBody,
    // 201 with credentials; 202 while an approval is pending.
    statuses: [201, 202],
    answer: requestAnswer,
    // A repeated idempotency key collects the existing lease.
    problems: ['subject-invalid', 'key-reused', 'over-budget', ...HANDING_OVER],
  },
  propose: {
    body: proposeBody,
    statuses: [200],
    answer: proposal,
    problems: ['subject-invalid', 'over-budget', ...DENIED_BY_BROKER],
  },
  leases: { query: leasesQuery, statuses: [200], answer: leaseList, problems: ['not-found'] },
  status: { query: leaseQuery, statuses: [200], answer: leaseView, problems: ['not-found', 'broken-record'] },
  events: { statuses: [200], answer: eventList, problems: ['not-found', 'broken-record'] },
  collect: { statuses: [200], answer: collected, problems: HANDING_OVER },
  console: { statuses: [200], answer: consoleAddress, problems: HANDING_OVER },
  approve: {
    body: approveBody,
    statuses: [200],
    answer: leaseView,
    problems: [...DECISION, ...SIGNED, 'another-grant', 'not-an-approver', 'own-lease', 'said-already'],
  },
  deny: {
    body: denyBody,
    statuses: [200],
    answer: leaseView,
    problems: [...DECISION, ...SIGNED, 'not-an-approver', 'own-lease'],
  },
  revoke: {
    body: revokeBody,
    statuses: [200],
    answer: revocationAnswer,
    problems: [...DECISION, ...SIGNED, 'not-an-approver'],
  },
  revokeMany: {
    body: revokeManyBody,
    statuses: [200],
    answer: revocationAnswer,
    problems: ['not-found', 'broken-record', 'consent-invalid'],
  },
  revocations: { query: recordQuery, statuses: [200], answer: revocationList, problems: ['broken-record'] },
  roles: { statuses: [200], answer: roleList, problems: [] },
  principals: { statuses: [200], answer: principalList, problems: [] },
  principal: { statuses: [200], answer: principalView, problems: ['not-found'] },
  putPrincipal: {
    body: principalBody,
    statuses: [200],
    answer: principalView,
    problems: ['not-found', 'version-conflict', 'broken-record', ...SIGNED],
  },
  principalEvents: {
    query: recordQuery,
    statuses: [200],
    answer: administrationRecord,
    problems: ['not-found', 'broken-record'],
  },
  budgets: { statuses: [200], answer: budgetList, problems: [] },
  groups: { statuses: [200], answer: groupList, problems: [] },
  nonce: { statuses: [200], answer: nonceAnswer, problems: ['not-found'] },
  keys: { statuses: [200], answer: keyRecord, problems: ['not-found', 'broken-record'] },
  issueCode: { body: issueCodeBody, statuses: [200], answer: keyRecord, problems: KEYS },
  registerKey: { body: registerKeyBody, statuses: [200], answer: keyRecord, problems: KEYS },
  removeKey: { body: removeKeyBody, statuses: [200], answer: keyRecord, problems: [...KEYS, 'last-key'] },
} as const satisfies Readonly<Record<Operation, Exchange>>;
