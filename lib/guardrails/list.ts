/**
 * All guardrails, in the order of the documentation pages: actions, resources, conditions, parameters, broker, other
 * rules.
 */
import type { Guardrail } from './guardrail';
import { agentPolicies } from './rules/agent-policies';
import { approversForHumans } from './rules/approvers-for-humans';
import { assumedRole } from './rules/assumed-role';
import { boundParameterGate } from './rules/bound-parameter-gate';
import { brokerNotDeployed } from './rules/broker-not-deployed';
import { budgetsBite } from './rules/budgets-bite';
import { conditionFailsOpen } from './rules/condition-fails-open';
import { conditionKey } from './rules/condition-key';
import { conditionOperator } from './rules/condition-operator';
import { conditionRestricts } from './rules/condition-restricts';
import { denyBites } from './rules/deny-bites';
import { distinctNames } from './rules/distinct-names';
import { distinctPeople } from './rules/distinct-people';
import { eligibleSomebody } from './rules/eligible-somebody';
import { forAllValuesGuard } from './rules/for-all-values-guard';
import { handedPower } from './rules/handed-power';
import { knownAction } from './rules/known-action';
import { leadingKeys } from './rules/leading-keys';
import { leaseLength } from './rules/lease-length';
import { managedPolicy } from './rules/managed-policy';
import { managedReads } from './rules/managed-reads';
import { mfaDevices } from './rules/mfa-devices';
import { mixedAccess } from './rules/mixed-access';
import { names } from './rules/names';
import { noManagedPolicy } from './rules/no-managed-policy';
import { noPermissionsManagement } from './rules/no-permissions-management';
import { noPlaceholder } from './rules/no-placeholder';
import { noPrivilegeEscalation } from './rules/no-privilege-escalation';
import { noRoleHijack } from './rules/no-role-hijack';
import { noSensitiveRead } from './rules/no-sensitive-read';
import { noStar } from './rules/no-star';
import { oneAccessLevel } from './rules/one-access-level';
import { oneCodeOneHuman } from './rules/one-code-one-human';
import { oneCodeOneLease } from './rules/one-code-one-lease';
import { oneService } from './rules/one-service';
import { ownBroker } from './rules/own-broker';
import { ownBucket } from './rules/own-bucket';
import { ownWatch } from './rules/own-watch';
import { parameterBypass } from './rules/parameter-bypass';
import { parameterNotEmpty } from './rules/parameter-not-empty';
import { parameterPlace } from './rules/parameter-place';
import { parameterScope } from './rules/parameter-scope';
import { parameterUsed } from './rules/parameter-used';
import { passedRole } from './rules/passed-role';
import { peopleAccounts } from './rules/people-accounts';
import { peopleConsent } from './rules/people-consent';
import { peopleGroups } from './rules/people-groups';
import { peopleMfa } from './rules/people-mfa';
import { peopleRedirects } from './rules/people-redirects';
import { peopleTokenLifetime } from './rules/people-token-lifetime';
import { plainText } from './rules/plain-text';
import { policyGrammar } from './rules/policy-grammar';
import { policyRead } from './rules/policy-read';
import { productionEndpoints } from './rules/production-endpoints';
import { productionSensitiveRead } from './rules/production-sensitive-read';
import { productionWriteNeedsHuman } from './rules/production-write-needs-human';
import { quotas } from './rules/quotas';
import { resourceAccepted } from './rules/resource-accepted';
import { resourceAtHome } from './rules/resource-at-home';
import { reviewerConfigured } from './rules/reviewer-configured';
import { revocationPlace } from './rules/revocation-place';
import { rolesPerAccount } from './rules/roles-per-account';
import { scopedResources } from './rules/scoped-resources';
import { sqlLimit } from './rules/sql-limit';
import { subjectIssuer } from './rules/subject-issuer';
import { subjectScope } from './rules/subject-scope';
import { tokenUse } from './rules/token-use';
import { wellFormedResource } from './rules/well-formed-resource';
import { wildcardOfOneLevel } from './rules/wildcard-of-one-level';
import { withinBoundary } from './rules/within-boundary';

export const guardrails: readonly Guardrail[] = [
  knownAction,
  noStar,
  oneAccessLevel,
  mixedAccess,
  wildcardOfOneLevel,
  oneService,
  noPermissionsManagement,
  noPrivilegeEscalation,
  noRoleHijack,
  withinBoundary,
  noSensitiveRead,
  sqlLimit,
  noManagedPolicy,
  managedPolicy,
  managedReads,
  denyBites,
  passedRole,
  assumedRole,
  handedPower,

  wellFormedResource,
  resourceAtHome,
  resourceAccepted,
  scopedResources,
  ownBucket,
  ownWatch,
  ownBroker,

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
  boundParameterGate,
  subjectIssuer,
  subjectScope,

  productionWriteNeedsHuman,
  productionSensitiveRead,
  approversForHumans,
  eligibleSomebody,
  reviewerConfigured,
  policyRead,
  budgetsBite,
  revocationPlace,
  tokenUse,
  productionEndpoints,
  distinctPeople,
  peopleMfa,
  peopleGroups,
  peopleAccounts,
  peopleConsent,
  peopleTokenLifetime,
  peopleRedirects,
  brokerNotDeployed,

  leaseLength,
  oneCodeOneHuman,
  oneCodeOneLease,
  plainText,
  noPlaceholder,
  names,
  distinctNames,
  policyGrammar,
  quotas,
  agentPolicies,
  mfaDevices,
  rolesPerAccount,
];

/** Guardrails that examine a single value or statement, so that they can also check a draft. */
export const draftGuardrails: readonly Guardrail[] = [
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
  wellFormedResource,
  resourceAtHome,
  resourceAccepted,
  scopedResources,
  conditionOperator,
  conditionKey,
  conditionRestricts,
  conditionFailsOpen,
  forAllValuesGuard,
  leadingKeys,
  parameterScope,
];
