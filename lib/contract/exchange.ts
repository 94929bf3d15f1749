/** What each operation takes and answers: one table beside that of the routes. */
import type * as z from 'zod';
import {
  collected,
  consoleAddress,
  principalList,
  principalView,
  requestAnswer,
  revocationAnswer,
  roleList,
} from './answer';
import { eventList, leaseList, leaseView } from './lease';
import type { ProblemCode } from './problem';
import {
  approveBody,
  denyBody,
  leaseQuery,
  leasesQuery,
  principalBody,
  principalQuery,
  requestBody,
  revokeBody,
  revokeManyBody,
} from './request';
import type { Operation } from './routes';

/** One operation over the wire. */
export interface Exchange {
  /** JSON, with `content-type: application/json`. An operation without one takes no body. */
  readonly body?: z.ZodType;
  /** An operation without one takes no query. */
  readonly query?: z.ZodType;
  /** Statuses of a good answer. */
  readonly statuses: readonly number[];
  readonly answer: z.ZodType;
  /** How it can be refused, beside the {@link EVERYWHERE} ways. */
  readonly problems: readonly ProblemCode[];
}

/** How every operation can be refused. Those with a body can besides with `unsupported-media-type`, `too-large-body`. */
export const EVERYWHERE = ['malformed', 'forbidden', 'busy', 'unavailable'] as const satisfies readonly ProblemCode[];

/** How a decision on a lease can be refused. */
const DECISION = ['not-found', 'broken-record', 'wrong-state', 'lapsed', 'expired', 'revoked'] as const;
/** How a lease can be denied. */
const DENIED = [
  'not-eligible',
  'invalid-request',
  'outside-hours',
  'reviewer-denied',
  'reviewer-failed',
  'outside-envelope',
  'too-large',
  'approver-denied',
] as const satisfies readonly ProblemCode[];
/** How the handing over of a lease can be refused; of one that was denied, with the code of its denial. */
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
    // 201 with credentials, 202 while something is left to wait for.
    statuses: [201, 202],
    answer: requestAnswer,
    // With an idempotency key once more, it is the handing over of the lease that there is.
    problems: ['subject-invalid', 'key-reused', 'over-budget', ...HANDING_OVER],
  },
  leases: { query: leasesQuery, statuses: [200], answer: leaseList, problems: [] },
  status: { query: leaseQuery, statuses: [200], answer: leaseView, problems: ['not-found', 'broken-record'] },
  events: { statuses: [200], answer: eventList, problems: ['not-found', 'broken-record'] },
  collect: { statuses: [200], answer: collected, problems: HANDING_OVER },
  console: { statuses: [200], answer: consoleAddress, problems: HANDING_OVER },
  approve: {
    body: approveBody,
    statuses: [200],
    answer: leaseView,
    problems: [...DECISION, 'another-grant', 'not-an-approver', 'own-lease', 'said-already'],
  },
  deny: { body: denyBody, statuses: [200], answer: leaseView, problems: [...DECISION, 'not-an-approver', 'own-lease'] },
  revoke: { body: revokeBody, statuses: [200], answer: revocationAnswer, problems: [...DECISION, 'not-an-approver'] },
  revokeMany: { body: revokeManyBody, statuses: [200], answer: revocationAnswer, problems: ['not-found'] },
  roles: { statuses: [200], answer: roleList, problems: [] },
  principals: { statuses: [200], answer: principalList, problems: [] },
  principal: { query: principalQuery, statuses: [200], answer: principalView, problems: ['not-found'] },
  putPrincipal: {
    body: principalBody,
    statuses: [200],
    answer: principalView,
    problems: ['not-found', 'version-conflict'],
  },
} as const satisfies Readonly<Record<Operation, Exchange>>;
