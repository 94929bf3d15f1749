/** Every check. */
import { escalationPaths } from './escalation-paths';
import type { Check, FindingKind } from './finding';
import { limits } from './limits';
import { reach } from './reach';
import { sensitive } from './sensitive';
import { trustDemands } from './trust-demands';
import { trustPrincipals } from './trust-principals';

export const checks: readonly Check[] = [trustDemands, trustPrincipals, limits, escalationPaths, reach, sensitive];

/** Every kind of finding, in the order of the checks. */
export const findingKinds: readonly FindingKind[] = checks.flatMap(({ kinds }) => kinds);
