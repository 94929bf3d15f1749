/** What a role says about being opened by the broker → the rules that hold in one environment. */
import { many } from '@leasehold/policy';
import type { Checked } from './checked';
import { type Complaint, type Complaints, listed } from './complaints';
import type { BrokerRules, Environment, Path } from './model';
import { seconds } from './schema-parts';
import type { OverrideYaml, RoleYaml } from './schema-role';
import type { EnvironmentOverride } from './where';

/** What the rules are resolved with. */
export interface RulesContext {
  readonly environment: Pick<Environment, 'approval' | 'broker'>;
  /** Names of the role's agents in this environment. */
  readonly agents: readonly string[];
  /** Of the names at a key those that the project declares, with a complaint for each other one. */
  readonly declared: (names: readonly string[], path: Path) => readonly string[];
  readonly complain: (path: Path, complaint: Complaint) => void;
}

/** The rules of a role that the broker opens. */
export function resolveBrokerRules(yaml: RoleYaml, context: RulesContext): BrokerRules {
  const { approval, broker } = context.environment;
  return {
    humans: yaml.approval?.humans ?? approval.humans,
    windowSeconds: yaml.approval?.window === undefined ? approval.windowSeconds : seconds(yaml.approval.window),
    reviewer: yaml.reviewer ?? (broker?.reviewer === undefined ? 'off' : 'advise'),
    eligible: eligible(yaml, context),
  };
}

/** Where it is written it is exact; `agents` is the most that it can name. */
function eligible(yaml: RoleYaml, context: RulesContext): BrokerRules['eligible'] {
  const { agents, declared, complain } = context;
  const { eligible: written } = yaml;
  if (written === undefined) return { agents, groups: [] };
  const path = ['eligible', 'agents'];
  const named = many(written.agents);
  const known = declared(named, path);
  const outside = known.filter((name) => !agents.includes(name));
  // Of a misspelt agent it was said already that there is none.
  const agentsAreSound = yaml.agents === undefined || many(yaml.agents).length === agents.length;
  for (const name of agentsAreSound ? outside : []) {
    complain([...path, named.indexOf(name)], {
      id: 'not-eligible',
      message: `\`${name}\` may ask the broker, but is none of the agents that may ask for this role.`,
      expected: `one of ${listed(agents)}`,
      hint: `Add \`${name}\` to \`agents\` of the role, or leave it out here.`,
    });
  }
  return { agents: known.filter((name) => !outside.includes(name)).sort(), groups: [...many(written.groups)].sort() };
}

const KEYS = ['approval', 'reviewer', 'eligible'] as const;

/**
 * Complains of what only the broker reads, where it opens the role in none of the environments for which that is
 * written: somebody believes in an approval that nobody asks for.
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
