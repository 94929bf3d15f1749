/** Every guardrail, in the order in which the pages list them: actions, resources, conditions, parameters, the rest. */
import type { Guardrail } from './guardrail';
import { agentPolicies } from './rules/agent-policies';
import { brokerNotDeployed } from './rules/broker-not-deployed';
import { conditionFailsOpen } from './rules/condition-fails-open';
import { conditionKey } from './rules/condition-key';
import { conditionOperator } from './rules/condition-operator';
import { conditionRestricts } from './rules/condition-restricts';
import { distinctNames } from './rules/distinct-names';
import { forAllValuesGuard } from './rules/for-all-values-guard';
import { knownAction } from './rules/known-action';
import { leadingKeys } from './rules/leading-keys';
import { leaseLength } from './rules/lease-length';
import { mfaDevices } from './rules/mfa-devices';
import { names } from './rules/names';
import { noManagedPolicy } from './rules/no-managed-policy';
import { noPermissionsManagement } from './rules/no-permissions-management';
import { noPrivilegeEscalation } from './rules/no-privilege-escalation';
import { noRoleHijack } from './rules/no-role-hijack';
import { noSensitiveRead } from './rules/no-sensitive-read';
import { noStar } from './rules/no-star';
import { oneAccessLevel } from './rules/one-access-level';
import { oneCodeOneHuman } from './rules/one-code-one-human';
import { oneService } from './rules/one-service';
import { ownBucket } from './rules/own-bucket';
import { ownWatch } from './rules/own-watch';
import { parameterBypass } from './rules/parameter-bypass';
import { parameterNotEmpty } from './rules/parameter-not-empty';
import { parameterPlace } from './rules/parameter-place';
import { parameterScope } from './rules/parameter-scope';
import { parameterUsed } from './rules/parameter-used';
import { plainText } from './rules/plain-text';
import { quotas } from './rules/quotas';
import { resourceAccepted } from './rules/resource-accepted';
import { resourceAtHome } from './rules/resource-at-home';
import { rolesPerAccount } from './rules/roles-per-account';
import { scopedResources } from './rules/scoped-resources';
import { sqlLimit } from './rules/sql-limit';
import { wellFormedResource } from './rules/well-formed-resource';
import { wildcardOfOneLevel } from './rules/wildcard-of-one-level';
import { withinBoundary } from './rules/within-boundary';

export const guardrails: readonly Guardrail[] = [
  knownAction,
  noStar,
  oneAccessLevel,
  wildcardOfOneLevel,
  oneService,
  noPermissionsManagement,
  noPrivilegeEscalation,
  noRoleHijack,
  withinBoundary,
  noSensitiveRead,
  sqlLimit,
  noManagedPolicy,

  wellFormedResource,
  resourceAtHome,
  resourceAccepted,
  scopedResources,
  ownBucket,
  ownWatch,

  conditionOperator,
  conditionKey,
  conditionRestricts,
  conditionFailsOpen,
  forAllValuesGuard,
  leadingKeys,

  parameterUsed,
  parameterNotEmpty,
  parameterPlace,
  parameterScope,
  parameterBypass,

  leaseLength,
  oneCodeOneHuman,
  brokerNotDeployed,
  plainText,
  names,
  distinctNames,
  quotas,
  agentPolicies,
  mfaDevices,
  rolesPerAccount,
];
