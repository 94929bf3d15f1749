/** All verifications, in the order of the report and of the documentation page. */
import { accessAnalyzer } from './account/access-analyzer';
import { alarms } from './account/alarms';
import { alertRulesEnabled, alertSubscriptions, alertTopics } from './account/alerts';
import { doctorClock } from './account/clock';
import { awsEndpoints } from './account/endpoints';
import { organizationLease } from './account/organization-lease';
import { quotas } from './account/quotas';
import { regionEnabled, stsEndpointActive } from './account/region';
import { trail, trailBucket } from './account/trail';
import { brokerRoutes } from './broker/api';
import { brokerBudgets } from './broker/budgets';
import { brokerRoleElsewhere } from './broker/elsewhere';
import { brokerEntrances } from './broker/entrances';
import { brokerCallers, brokerCode, brokerFunction } from './broker/function';
import { brokerClock, brokerReviewer } from './broker/health';
import { brokerOutcomes, brokerRules } from './broker/outcomes';
import { passkeyRecords } from './broker/passkeys';
import { brokerRecordKey } from './broker/record-key';
import { leaseRecords, revocationTags } from './broker/records';
import { revocationPolicy } from './broker/revocation-policy';
import { brokerSecret } from './broker/secret';
import { brokerSignIn } from './broker/sign-in';
import { brokerDeployment, brokerStageSettings } from './broker/stage';
import { brokerTablePolicies, brokerTables } from './broker/tables';
import { hereEndpoints, hereEnvironment, hereProfiles } from './here/credentials';
import { hereClock, hereEndpointVariables, hereNode, hereSdks } from './here/settings';
import { hereSockets } from './here/sockets';
import {
  agentKeyAge,
  agentKeyUse,
  agentOtherCredentials,
  agentPassword,
  agentSecondKey,
} from './identity/agent-credentials';
import { agentBoundaryInPlace, agentExists, agentGroups, agentPolicies, agentTags } from './identity/agent-policies';
import { agentReach } from './identity/agent-reach';
import { mfaEnrolledByAgent, mfaMissing, mfaUnknown } from './identity/mfa-devices';
import { managedTexts } from './roles/managed-texts';
import { resourceGrants } from './roles/resource-grants';
import {
  roleBoundaryInPlace,
  roleExists,
  rolePolicies,
  roleSessionLength,
  roleTags,
  roleTrust,
} from './roles/role-documents';
import type { AccountVerification, MachineVerification, Verification } from './verification';

/** The verifications of a live account. */
export const accountVerifications: readonly AccountVerification[] = [
  agentExists,
  agentPolicies,
  agentBoundaryInPlace,
  agentGroups,
  agentTags,
  agentPassword,
  agentSecondKey,
  agentKeyAge,
  agentKeyUse,
  agentOtherCredentials,
  mfaMissing,
  mfaUnknown,
  mfaEnrolledByAgent,
  agentReach,
  roleExists,
  rolePolicies,
  managedTexts,
  roleBoundaryInPlace,
  roleTrust,
  roleSessionLength,
  roleTags,
  resourceGrants,
  awsEndpoints,
  doctorClock,
  organizationLease,
  regionEnabled,
  stsEndpointActive,
  quotas,
  trail,
  trailBucket,
  alertTopics,
  alertSubscriptions,
  alertRulesEnabled,
  alarms,
  accessAnalyzer,
  brokerCode,
  brokerFunction,
  brokerCallers,
  brokerEntrances,
  brokerRoleElsewhere,
  brokerRoutes,
  brokerDeployment,
  brokerStageSettings,
  brokerSignIn,
  brokerTables,
  brokerTablePolicies,
  brokerRecordKey,
  brokerSecret,
  brokerReviewer,
  brokerClock,
  brokerBudgets,
  brokerOutcomes,
  brokerRules,
  leaseRecords,
  passkeyRecords,
  revocationTags,
  revocationPolicy,
];

/** The verifications of the machine on which an agent runs. */
export const machineVerifications: readonly MachineVerification[] = [
  hereEnvironment,
  hereProfiles,
  hereEndpoints,
  hereSockets,
  hereClock,
  hereEndpointVariables,
  hereSdks,
  hereNode,
];

/** All verifications, of the account and of the machine. */
export const verifications: readonly Verification[] = [...accountVerifications, ...machineVerifications];
