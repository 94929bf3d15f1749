/** Resolves the broker keys of a role into the rules for one environment. */
import { many } from '@leasehold/policy';
import type { Checked } from './checked';
import { type Complaint, type Complaints, listed } from './complaints';
import type { BrokerRules, Environment, Path } from './model';
import { seconds } from './schema-parts';
import type { OverrideYaml, RoleYaml } from './schema-role';
import type { EnvironmentOverride } from './where';

/** The context for resolving the rules. */
export interface RulesContext {
  readonly environment: Pick<Environment, 'approval' | 'broker'>;
  /** Names of the role's agents in this environment. */
  readonly agents: readonly string[];
  /** Returns the names that the project declares, and reports each undeclared name. */
  readonly declared: (names: readonly string[], path: Path) => readonly string[];
  readonly complain: (path: Path, complaint: Complaint) => void;
}

/** The rules of a role with the gate `broker`. */
export function resolveBrokerRules(yaml: RoleYaml, context: RulesContext): BrokerRules {
  const { approval, broker } = context.environment;
  return {
    humans: yaml.approval?.humans ?? approval.humans,
    windowSeconds: yaml.approval?.window === undefined ? approval.windowSeconds : seconds(yaml.approval.window),
    reviewer: yaml.reviewer ?? (broker?.reviewer === undefined ? 'off' : 'advise'),
    eligible: eligible(yaml, context),
  };
}

/** An explicit list is used as written, and must be a subset of `agents`. */
function eligible(yaml: RoleYaml, context: RulesContext): BrokerRules['eligible'] {
  const { agents, declared, complain } = context;
  const { eligible: written } = yaml;
  if (written === undefined) return { agents, groups: [] };
  const path = ['eligible', 'agents'];
  const named = many(written.agents);
  const known = declared(named, path);
  const outside = known.filter((name) => !agents.includes(name));
  // A misspelled agent was already reported.
  const agentsAreSound = yaml.agents === undefined || many(yaml.agents).length === agents.length;
  for (const name of agentsAreSound ? outside : []) {
    complain([...path, named.indexOf(name)], {
      id: 'not-eligible',
      message: `\`${name}\` is listed under \`eligible\`, but not among the agents that may request this role.`,
      expected: `one of ${listed(agents)}`,
      hint: `Add \`${name}\` to \`agents\` of the role, or remove it here.`,
    });
  }
  return { agents: known.filter((name) => !outside.includes(name)).sort(), groups: [...many(written.groups)].sort() };
}

const KEYS = ['approval', 'reviewer', 'eligible'] as const;

/**
 * Reports keys that only the broker reads, if the broker opens the role in none of their environments. Otherwise the
 * author would rely on an approval that never takes place.
 */
export function checkBrokerKeys(
  role: Checked<RoleYaml>,
  places: readonly EnvironmentOverride<OverrideYaml>[],
  complaints: Complaints,
): void {
  if (!role.whole) return;
  const isBrokered = ({ override }: EnvironmentOverride<OverrideYaml>) =>
    many(override.gate ?? role.yaml.gate).includes('broker');
  for (const key of KEYS) {
    const inherit = places.filter(({ override }) => override[key] === undefined);
    const written: readonly (readonly [Path, readonly EnvironmentOverride<OverrideYaml>[]])[] = [
      ...(role.yaml[key] === undefined ? [] : [[[key], inherit] as const]),
      ...places
        .filter(({ override }) => override[key] !== undefined)
        .map((place) => [['environments', place.home.environment.name, key], [place]] as const),
    ];
    for (const [path, where] of written) {
      if (where.length === 0 || where.some(isBrokered)) continue;
      complaints.add(role.places.key(path), {
        id: 'not-brokered',
        message: `\`${key}\` is for the broker, which does not open this role: its gate is \`mfa\`.`,
        hint: `Add \`broker\` to \`gate\`, or remove \`${key}\`.`,
      });
    }
  }
}
