/** Requirements for a role that may be passed to a service or assumed with a lease. */
import { NAME_ALPHABET } from '@leasehold/contract/text';
import type { Environment, ExternalRole } from '@leasehold/definitions';
import {
  AGENT_PATH,
  agentArn,
  agentName,
  BROKER_PATH,
  brokerRoleName,
  consoleFunctionName,
  hasConsole,
  outcomesRoleName,
  PEOPLE_PATH,
  PERSON_KINDS,
  personRoleName,
  roleName,
} from '@leasehold/documents';
import {
  type ActionInfo,
  accessOf,
  type Catalogue,
  escalation,
  foldAscii,
  hasWildcard,
  loadWholeCatalogue,
  parseArn,
} from '@leasehold/policy';
import type { Complaint } from './guardrail';
import { readAction } from './reading';

/** A violation whose source position is added later. */
export type Unplaced = Omit<Complaint, 'at'>;

/**
 * The actions with which an external role can change permissions, according to the role's declared maximum permissions;
 * `everything` if these include every action. A service wildcard counts as every action.
 */
export function powerOver({ may }: ExternalRole, catalogue: Catalogue): 'everything' | readonly ActionInfo[] {
  if (may === 'administrator') return 'everything';
  const patterns = may.flatMap(({ actions }) => actions);
  if (patterns.some((pattern) => hasWildcard(pattern.split(':')[0] ?? ''))) return 'everything';
  return patterns
    .flatMap((pattern) => {
      const { actions } = readAction(pattern, catalogue);
      return actions.length > 0 ? actions : catalogue.expand(pattern);
    })
    .filter(
      (action) =>
        accessOf(action) === 'permissions' || ['identity', 'pass-role'].includes(escalation(action.id)?.kind ?? ''),
    );
}

/**
 * Whether the definitions declare that an external role can do everything, or can change permissions. A declared
 * maximum that cannot be parsed counts as permitting everything.
 */
export async function isDeclaredPowerful(role: ExternalRole): Promise<boolean> {
  const catalogue = await loadWholeCatalogue();
  const patterns = role.may === 'administrator' ? [] : role.may.flatMap(({ actions }) => actions);
  return powerOver(role, catalogue).length > 0 || patterns.some((pattern) => catalogue.expand(pattern).length === 0);
}

/** The reasons why an external role must not be passed or assumed; empty if the role may be passed and assumed. */
export function* unfit(role: ExternalRole, environment: Environment, catalogue: Catalogue): Iterable<Unplaced> {
  const arn = parseArn(role.arn);
  const found = arn?.service === 'iam' ? ROLE.exec(arn.resource) : null;
  if (arn === undefined || found === null || hasWildcard(role.arn) || /[*?$]/.test(role.arn)) {
    yield {
      message: `\`${role.arn}\` of \`${role.name}\` is not the ARN of one role.`,
      expected: `\`arn:${environment.partition}:iam::${environment.account}:role/<name>\`, without wildcards`,
      hint: `Write the whole ARN under \`external: { ${role.name}: { arn: … } }\`.`,
    };
    return;
  }
  if (arn.account !== environment.account || arn.partition !== environment.partition || arn.region !== '') {
    yield {
      message: `\`${role.arn}\` is not a role of \`${environment.name}\`, which is account \`${environment.account}\`.`,
      hint: 'Write `${env.account}` in its ARN; a role of another account belongs to an environment of that account.',
    };
  }
  const [, path = '/', name = ''] = found;
  const whose = ownerOf(role.arn, path, name, environment);
  if (whose !== undefined) {
    yield {
      message: `\`${role.arn}\` is ${whose}. A lease must not pass or assume it.`,
      hint: 'Specify a role outside Leasehold. To get the permissions of another role of this project, request a lease of that role.',
    };
  }
  yield* unread(role, catalogue);
}

const ROLE = new RegExp(String.raw`^role(/(?:[\x21-\x7e]+/)?)([${NAME_ALPHABET}]{1,64})$`);

/**
 * Describes the owner of a role that must not be passed or assumed. IAM ignores case and path when it compares names.
 */
function ownerOf(arn: string, path: string, name: string, environment: Environment): string | undefined {
  const folded = foldAscii(name);
  const is = (other: string) => foldAscii(other) === folded;
  const below = (prefix: string) => foldAscii(path).startsWith(foldAscii(prefix));
  if (environment.agents.some((agent) => is(agentName(agent, environment)) || agentArn(agent, environment) === arn)) {
    return 'the identity of an agent';
  }
  if (below(AGENT_PATH)) return 'below the path of the agents';
  if (environment.roles.some((role) => is(roleName(role, environment)))) return 'a role that a lease opens';
  if (below('/leasehold/')) return 'under the path of the roles that leases open';
  if (is(brokerRoleName(environment)) || below(BROKER_PATH) || is(outcomesRoleName(environment))) return 'the broker’s';
  if (hasConsole(environment) && is(consoleFunctionName(environment))) return 'the console’s';
  if (below(PEOPLE_PATH) || PERSON_KINDS.some((kind) => is(personRoleName(kind, environment))))
    return 'a role for people';
  if (below('/leasehold')) return 'below a path of Leasehold';
  if (below('/aws-service-role/') || below('/aws-reserved/')) return 'a service-linked role of AWS';
  return undefined;
}

/**
 * Reports the declared maximum permissions of a role if they cannot be parsed, because approvers must see the same
 * permissions that IAM would evaluate.
 */
function* unread({ name, may }: ExternalRole, catalogue: Catalogue): Iterable<Unplaced> {
  for (const pattern of may === 'administrator' ? [] : may.flatMap(({ actions }) => actions)) {
    if (pattern === '*' || catalogue.expand(pattern).length > 0) continue;
    yield {
      message: `\`${pattern}\`, in the maximum of \`${name}\`, is not an action that AWS lists.`,
      hint: `Write the actions that the policies of \`${name}\` allow, as AWS spells them.`,
    };
  }
}
