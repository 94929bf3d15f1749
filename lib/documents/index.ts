/**
 * Builds the deployed IAM documents from resolved definitions. All functions are pure, so that checking, displaying and
 * deploying use identical documents.
 */
export { agentBoundary, agentTrust, ask, GITHUB_ISSUER } from './agent';
export { alertRuleName, alertTopicArn, alertTopicName, alertTopicPolicy } from './alert-topic';
export { type AlertRule, alertRegions, alertRules, type EventPattern, iamRegion, type Matcher } from './alerts';
export { ASK_ACTIONS, INVOKE_ACTION } from './ask';
export { type BrokerAlarm, brokerAlarmArns, brokerAlarmName, brokerAlarms, METRIC_NAMESPACE } from './broker/alarms';
export { BROKER_CONFIG, brokerConfig, readBrokerConfig } from './broker/config';
export {
  CONSOLE_FUNCTION_SETTINGS,
  CONSOLE_ROLE_PATH,
  CONSOLE_ROUTES,
  CONSOLE_VARIABLES,
  consoleBoundary,
  consoleFunctionArn,
  consoleFunctionName,
  consoleLogGroup,
  consolePermissions,
  consoleRoleArn,
  consoleTrust,
  consoleVariables,
  hasConsole,
} from './broker/console';
export {
  ALARM_SETTINGS,
  accessLogFormat,
  type CallLimits,
  FUNCTION_SETTINGS,
  routeKey,
  routeLimits,
  STAGE_LIMITS,
  SWEEP_SCHEDULE,
  sweepRuleName,
} from './broker/deployed-settings';
export { type Eligibility, eligibility, eligibleAskers } from './broker/eligible';
export { asksBroker, routeArns } from './broker/invoke';
export {
  accessLogGroup,
  brokerApiArn,
  brokerBusArn,
  brokerBusName,
  brokerFunctionArn,
  brokerLogGroup,
  brokerName,
  brokerStage,
  EVENT_INDEXES,
  eventsTableName,
  isBrokered,
  logGroupArn,
  PEOPLE_PATH,
  PERSON_KINDS,
  type PersonKind,
  personRoleArn,
  personRoleName,
  projectionsTableName,
  REVOKED_PREFIX,
  REVOKED_SLOTS,
  reviewerSecretArn,
  reviewerSecretName,
  revocationPolicyName,
  revokedTag,
  SHUT_TAG,
  tableArn,
} from './broker/names';
export {
  GROUPS_GIVEN,
  groupsGivenRuleName,
  hasPasskeys,
  KEYS_CHANGED,
  keysChangedRuleName,
  OUTCOME_FILTERS,
  OUTCOME_SOURCE,
  OUTCOME_TEMPLATE,
  OUTCOME_TYPE,
  OUTCOMES_PATH,
  outcomesBoundary,
  outcomesPermissions,
  outcomesPipeArn,
  outcomesPipeName,
  outcomesRoleArn,
  outcomesRoleName,
  outcomesTrust,
  RECORD_CHANGED,
  recordChangedRuleName,
} from './broker/outcomes';
export { people, personBoundary, personKinds, personPermissions, personTrust } from './broker/people';
export { brokerBoundary, brokerPermissions, brokerTrust, hasBroker } from './broker/permissions';
export { BROKER_POWERS, type BrokerPart } from './broker/powers';
export {
  ANSWERED,
  COUNTED,
  type Counted,
  countName,
  HEALTH_ATTRIBUTES,
  HEALTH_KEY,
  keyRecordName,
  PASSKEY_PREFIX,
  type ProjectionKey,
  passkeyKey,
  passkeyOwner,
  principalKey,
  QUESTION_SECONDS,
  reviewerLabel,
  reviewerTarget,
} from './broker/projections';
export {
  anyKeyArn,
  eventsTablePolicy,
  MAKE_MAC,
  projectionsTablePolicy,
  RECORD_KEY_VARIABLE,
  recordKeyAlias,
  recordKeyPolicy,
  recordKeyRuleName,
} from './broker/record-key';
export { hasReviewerKey } from './broker/resource-permissions';
export {
  type Denials,
  NO_DENIALS,
  REVOCATION_POLICY_ACTIONS,
  readRevocationPolicy,
  revocationPolicy,
  revocationPolicyArn,
  rolesWithRevocationPolicy,
} from './broker/revocation-policy';
export {
  CONSOLE_PATH,
  consoleAddress,
  redirectAddresses,
  signedOutAddress,
  signInName,
  signInScope,
  USER_POOL_CLIENT_VARIABLE,
  USER_POOL_SCOPE,
  USER_POOL_VARIABLE,
  userPoolGroups,
} from './broker/sign-in';
export { brokerVariables, SWEEP_EVENT } from './broker/variables';
export { consoleEndpoints, FEDERATION_PATH } from './console-endpoints';
export {
  contextKeysRead,
  explainLease,
  type HypotheticalLease,
  type LeaseExplanation,
  SCOPING_ACTION,
  type SessionRequest,
} from './explain-lease';
export { CHAIN_ACTIONS, PASS_ACTION, permitted } from './handed-roles';
export { isForPeopleOnly, managedArns, managedName } from './managed-policies';
export { isPinnedText, knownTextHash, managedDocuments, managedPowers } from './managed-powers';
export { type DeployedManifest, type DeployedRole, manifest } from './manifest';
export {
  AGENT_PATH,
  agentArn,
  agentName,
  BROKER_PATH,
  boundaryName,
  brokerRoleArn,
  brokerRoleName,
  dnsSuffix,
  type EnvironmentNames,
  iamArn,
  mfaDeviceArn,
  mfaDeviceName,
  ownBoundaryName,
  policyArn,
  roleArn,
  roleBoundaryName,
  roleName,
  rolePath,
  stackName,
  stsEndpoint,
  watchName,
} from './names';
export { permissions, rolePolicy } from './permissions';
export { hasExactBoundary, hasOwnBoundary, roleBoundary } from './role-boundary';
export { loadRolePowers, type RolePowers } from './role-powers';
export {
  BROKER_TAGS,
  deployedTemplate,
  LEASE_ID_PREFIX,
  LEASE_ID_TAG,
  LEASE_ID_TEMPLATE,
  parameterTag,
  REASON_MINIMUM,
  REASON_TAG,
  requiredTags,
  templateParts,
} from './session';
export { trailArn, trailBucketArn, trailBucketName, trailBucketPolicy, trailName } from './trail';
export { mfaAgents, trust } from './trust';
