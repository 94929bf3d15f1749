/** Every verification, in the order of the report and of the page. */
import { agentExists, agentBoundaryInPlace, agentGroups, agentPolicies } from './identity/agent-policies';
import {
  agentKeyAge,
  agentKeyUse,
  agentOtherCredentials,
  agentPassword,
  agentSecondKey,
} from './identity/agent-credentials';
import { agentReach } from './identity/agent-reach';
import { mfaEnrolledByAgent, mfaMissing, mfaUnknown } from './identity/mfa-devices';
import {
  roleBoundaryInPlace,
  roleExists,
  rolePolicies,
  roleSessionLength,
  roleTags,
  roleTrust,
} from './roles/role-documents';
import type { AccountVerification } from './verification';

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
];
