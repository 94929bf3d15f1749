/** Every verification, in the order of the report and of the page. */
import { accessAnalyzer } from './account/access-analyzer';
import { alarms } from './account/alarms';
import { alertRulesEnabled, alertSubscriptions, alertTopics } from './account/alerts';
import { organizationLease } from './account/organization-lease';
import { quotas } from './account/quotas';
import { regionEnabled, stsEndpointActive } from './account/region';
import { trail } from './account/trail';
import { brokerRoutes, brokerStageSettings } from './broker/api';
import { brokerCallers, brokerCode, brokerFunction, brokerRoleElsewhere } from './broker/function';
import { brokerOutcomes, brokerRules } from './broker/outcomes';
import { brokerRecordKey } from './broker/record-key';
import { leaseRecords, revocationTags } from './broker/records';
import { brokerSecret } from './broker/secret';
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
import { agentBoundaryInPlace, agentExists, agentGroups, agentPolicies } from './identity/agent-policies';
import { agentReach } from './identity/agent-reach';
import { mfaEnrolledByAgent, mfaMissing, mfaUnknown } from './identity/mfa-devices';
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
  roleBoundaryInPlace,
  roleTrust,
  roleSessionLength,
  roleTags,
  resourceGrants,
  organizationLease,
  regionEnabled,
  stsEndpointActive,
  quotas,
  trail,
  alertTopics,
  alertSubscriptions,
  alertRulesEnabled,
  alarms,
  accessAnalyzer,
  brokerCode,
  brokerFunction,
  brokerCallers,
  brokerRoleElsewhere,
  brokerRoutes,
  brokerStageSettings,
  brokerTables,
  brokerTablePolicies,
  brokerRecordKey,
  brokerSecret,
  brokerOutcomes,
  brokerRules,
  leaseRecords,
  revocationTags,
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

/** All of them. */
export const verifications: readonly Verification[] = [...accountVerifications, ...machineVerifications];
