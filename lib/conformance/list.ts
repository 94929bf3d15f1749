/** All probes, in the order of the report and of the documentation page. */
import type { Probe } from './probe';
import { accountQuotas, alertWildcards } from './probes/account';
import { byHand } from './probes/by-hand';
import { consoleChained, consoleScoped } from './probes/console';
import { leadingKeys } from './probes/dynamodb';
import {
  mfaCodeAge,
  mfaCodeOnce,
  mfaCodeUsedByDenial,
  mfaCodeWindow,
  mfaOnAssumeRole,
  mfaSecondDevice,
  sessionTokenRefused,
} from './probes/mfa';
import { packedSize } from './probes/packed';
import { policyInRunningSessions, roleTagsInRunningSessions } from './probes/revocation';
import { s3Prefix } from './probes/s3';
import {
  scopedChain,
  scopedIntersection,
  scopedIssueTime,
  scopedLifetime,
  scopedNeedsAllow,
  scopedPolicySize,
} from './probes/scoped';
import {
  resourceTagOnAssumeRole,
  sessionNameIsLeaseId,
  sourceIdentityInChains,
  variableWithoutValue,
} from './probes/session';

/** All probes, grouped by topic. */
export const probes: readonly Probe[] = [
  mfaOnAssumeRole,
  mfaCodeAge,
  mfaSecondDevice,
  mfaCodeOnce,
  mfaCodeUsedByDenial,
  mfaCodeWindow,
  sessionTokenRefused,
  sessionNameIsLeaseId,
  resourceTagOnAssumeRole,
  roleTagsInRunningSessions,
  policyInRunningSessions,
  sourceIdentityInChains,
  packedSize,
  scopedNeedsAllow,
  scopedPolicySize,
  scopedChain,
  scopedIntersection,
  scopedIssueTime,
  scopedLifetime,
  variableWithoutValue,
  accountQuotas,
  ...byHand.filter(({ topic }) => topic === 'policies'),
  consoleChained,
  consoleScoped,
  s3Prefix,
  leadingKeys,
  alertWildcards,
  ...byHand.filter(({ topic }) => topic === 'services'),
  ...byHand.filter(({ topic }) => topic === 'broker'),
];
