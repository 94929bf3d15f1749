/** Every check. */
import { broker } from './broker';
import { brokerPower } from './broker-power';
import { chains } from './chains';
import { consoleSite } from './console';
import { declared } from './declared';
import { escalationPaths } from './escalation-paths';
import { exclusiveTakes } from './exclusive-findings';
import type { Check, FindingKind } from './finding';
import { gates } from './gates';
import { givenAccess } from './given-access';
import { identityProviders } from './identity-providers';
import { leases } from './leases';
import { limits } from './limits';
import { loosePolicies } from './loose-policies';
import { managedPolicies } from './managed-policies';
import { outsideResources } from './outside-resources';
import { protection } from './protection';
import { reach } from './reach';
import { resourcePolicies } from './resource-policies';
import { runningRoles } from './running-roles';
import { sensitive } from './sensitive';
import { signIn } from './sign-in';
import { sources } from './sources';
import { stateSecrets } from './state-secrets';
import { trustDemands } from './trust-demands';
import { trustPrincipals } from './trust-principals';
import { unreadable } from './unreadable';
import { watch } from './watch';

/**
 * The checks, in the order of the documentation pages: who has access, which permissions they have, monitoring, unknown
 * parts.
 */
export const checks: readonly Check[] = [
  trustDemands,
  trustPrincipals,
  gates,
  identityProviders,
  signIn,
  sources,
  limits,
  exclusiveTakes,
  leases,
  declared,
  managedPolicies,
  escalationPaths,
  chains,
  reach,
  sensitive,
  loosePolicies,
  resourcePolicies,
  givenAccess,
  runningRoles,
  outsideResources,
  protection,
  stateSecrets,
  watch,
  broker,
  consoleSite,
  brokerPower,
  unreadable,
];

/** Every kind of finding, in the order of the checks. */
export const findingKinds: readonly FindingKind[] = checks.flatMap(({ kinds }) => kinds);
