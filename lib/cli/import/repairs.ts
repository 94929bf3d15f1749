/**
 * Determines how a drafted role must be changed to resolve a finding of `validate`. A change narrows or removes
 * permissions, and never adds permissions.
 */
import type { Finding, Path } from '@leasehold/definitions';
import { accessOf, type Catalogue, compare, hasWildcard, type PolicyDocument } from '@leasehold/policy';
import { isSensitive } from './actions';
import { lose } from './import-report';
import type { DraftConditions, DraftRole, DraftStatement, Tale } from './model';
import { scopesOf } from './resources';

/** One change of a role. All changes except `halve` apply to one statement. */
export interface Edit {
  /** Removes the statement. */
  readonly drop?: true;
  /** Removes these actions from the statement. */
  readonly actions?: readonly string[];
  /** Removes these resources from the statement. */
  readonly resources?: readonly string[];
  /** Replaces the statement with these statements. */
  readonly replace?: readonly DraftStatement[];
  /** Keeps resources whose names only AWS can generate. The role then needs a waiver. */
  readonly unscoped?: true;
  /** Removes the deny statements with these indexes. */
  readonly denied?: readonly number[];
  /** Removes these actions from all statements. */
  readonly allowed?: readonly string[];
  /** Splits the role in two. */
  readonly halve?: true;
}

/**
 * The change that resolves a finding at a location in a role. `undefined` if there is no such change. Removals are
 * reported.
 */
export function repairOf(
  finding: Finding,
  path: Path,
  role: DraftRole | undefined,
  catalogue: Catalogue,
  tale: Tale,
): Edit | undefined {
  if (finding.id === 'quotas') return { halve: true };
  const [top, place, part, third, fourth] = path;
  if (top === 'deny' && typeof place === 'number')
    return onDeny(finding, role?.deny[place], place, role, catalogue, tale);
  const statement = top === 'allow' && typeof place === 'number' ? role?.allow[place] : undefined;
  if (statement === undefined) return undefined;
  if (part === 'actions') return onAction(finding, statement, statement.actions[Number(third)], catalogue, tale);
  if (part === 'resources') return onResource(finding, statement, statement.resources[Number(third)], catalogue, tale);
  if (part === 'conditions') return onCondition(finding, statement, String(third), String(fourth), tale);
  return undefined;
}

/**
 * Removes a deny statement that a role cannot express. If the statement denies actions that the role allows, these
 * actions are also removed from the role.
 */
function onDeny(
  finding: Finding,
  deny: DraftStatement | undefined,
  place: number,
  role: DraftRole | undefined,
  catalogue: Catalogue,
  tale: Tale,
): Edit | undefined {
  if (deny === undefined || role === undefined) return undefined;
  if (finding.id === 'deny-bites') return { denied: [place] };
  const ids = new Set(deny.actions);
  const allowed = role.allow
    .flatMap(({ actions }) => actions)
    .filter((action) => catalogue.expand(action).some(({ id }) => ids.has(id)));
  lose(tale, allowed, { why: `The source denies it in part: ${finding.message}`, instead: finding.hint });
  return { denied: [place], allowed };
}

function onAction(
  finding: Finding,
  statement: DraftStatement,
  action: string | undefined,
  catalogue: Catalogue,
  tale: Tale,
): Edit | undefined {
  if (action === undefined) return undefined;
  if (hasWildcard(action)) {
    const others = statement.actions.filter((other) => other !== action);
    const ids = catalogue.expand(action).map(({ id }) => id);
    return { replace: [{ ...statement, actions: [...new Set([...others, ...ids])].toSorted() }] };
  }
  lose(tale, [action], saidBy(finding));
  return { actions: [action] };
}

function onResource(
  finding: Finding,
  statement: DraftStatement,
  resource: string | undefined,
  catalogue: Catalogue,
  tale: Tale,
): Edit | undefined {
  if (resource === undefined) return undefined;
  if (finding.id === 'scoped-resources') return scoped(statement, resource, catalogue, tale);
  if (finding.id === 'own-bucket') {
    const owned = withCondition(statement.conditions, 'StringEquals', 'aws:ResourceAccount', ['${env.account}']);
    if (owned !== undefined) {
      tale.narrower.add(`\`${resource}\` reaches buckets of the environment's own account alone.`);
      const rest = statement.resources.filter((other) => other !== resource);
      return {
        replace: [
          ...cut(statement, statement.actions, rest),
          { ...statement, resources: [resource], conditions: owned },
        ],
      };
    }
  }
  lose(tale, [resource], saidBy(finding));
  return { resources: [resource] };
}

/**
 * For actions that change data or read sensitive data, a person must specify the resources. Other actions keep their
 * resources.
 */
function scoped(statement: DraftStatement, resource: string, catalogue: Catalogue, tale: Tale): Edit {
  if (resource.includes('${var.')) return { unscoped: true };
  const all = statement.actions.flatMap((action) => catalogue.expand(action));
  const demanding = all.filter((action) => action.scopable && (accessOf(action) !== 'read' || isSensitive(action.id)));
  const ids = new Set(demanding.map(({ id }) => id));
  const rest = statement.resources.filter((other) => other !== resource);
  const byScope = new Map<string, { readonly arns: readonly string[]; readonly actions: string[] }>();
  let unscoped = false;
  for (const action of demanding) {
    const inside = scopesOf(action).filter(({ arn }) => covers(resource, arn));
    // If no narrower resource is known, the resource is kept and a person must justify it.
    const scopes = inside.length > 0 ? inside : [{ arn: resource, variables: [] }];
    unscoped ||= scopes.some(({ variables }) => variables.length === 0);
    const arns = [...new Set(scopes.map(({ arn }) => arn))].toSorted();
    const group = byScope.get(arns.join(' ')) ?? { arns, actions: [] };
    byScope.set(arns.join(' '), group);
    group.actions.push(action.id);
  }
  if ([...byScope.values()].some(({ arns }) => arns.some((arn) => arn.includes('${var.')))) {
    tale.narrower.add(
      `\`${resource}\` of ${statement.from}: what changes or reads data is scoped to resources that variables of the environment name.`,
    );
  }
  return {
    ...(unscoped ? { unscoped } : {}),
    replace: [
      ...cut(statement, others(statement.actions, ids, catalogue), statement.resources),
      ...cut(statement, [...ids], rest),
      ...[...byScope.values()].map(({ arns, actions }) => ({
        ...statement,
        actions: actions.toSorted(),
        resources: arns,
      })),
    ],
  };
}

/** The remaining actions. A pattern that matches a removed action is expanded into its other actions. */
function others(actions: readonly string[], gone: ReadonlySet<string>, catalogue: Catalogue): readonly string[] {
  return actions.flatMap((action) => {
    const ids = catalogue.expand(action).map(({ id }) => id);
    return ids.some((id) => gone.has(id)) ? ids.filter((id) => !gone.has(id)) : [action];
  });
}

/** Whether a resource of the source covers everything that a scope can match, for every value of its variables. */
function covers(resource: string, scope: string): boolean {
  if (resource === '*') return true;
  const allowing = (text: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'any:Action', Resource: opened(text) },
  });
  return compare(allowing(resource), allowing(scope), { resourcePolicies: 'ignore' }).kind === 'not-widened';
}

/** A scope for one environment. Variables of the definitions become policy variables with unknown values. */
function opened(text: string): string {
  return text
    .replaceAll('${env.partition}', 'aws')
    .replaceAll('${env.region}', 'us-east-1')
    .replaceAll('${env.account}', '111122223333')
    .replaceAll('${var.', '${aws:PrincipalTag/var.');
}

function cut(
  statement: DraftStatement,
  actions: readonly string[],
  resources: readonly string[],
): readonly DraftStatement[] {
  return actions.length === 0 || resources.length === 0 ? [] : [{ ...statement, actions, resources }];
}

function onCondition(
  finding: Finding,
  statement: DraftStatement,
  operator: string,
  key: string,
  tale: Tale,
): Edit | undefined {
  const conditions = mended(finding, statement.conditions, operator, key);
  if (conditions !== undefined) {
    tale.narrower.add(
      `The condition \`${operator}\` on \`${key}\` of ${statement.from} also demands that a request carries the key.`,
    );
    return { replace: [{ ...statement, conditions }] };
  }
  lose(tale, statement.actions, saidBy(finding));
  return { drop: true };
}

/** The conditions, changed so that they do not fail open. `undefined` if no change preserves their meaning. */
function mended(
  { id }: Finding,
  conditions: DraftConditions,
  operator: string,
  key: string,
): DraftConditions | undefined {
  if (operator === 'Null') return undefined;
  if (id === 'for-all-values-guard' || id === 'condition-fails-open') {
    return withCondition(conditions, 'Null', key, ['false']);
  }
  if (id === 'condition-restricts' && /^(For(All|Any)Values?:)?StringLike$/.test(operator)) {
    // The operator is true for every value, so it only requires the key.
    return withCondition(without(conditions, operator, key), 'Null', key, ['false']);
  }
  if (id === 'condition-key' && !operator.includes(':')) {
    const values = conditions[operator]?.[key] ?? [];
    const several = withCondition(without(conditions, operator, key), `ForAllValues:${operator}`, key, values);
    return several && withCondition(several, 'Null', key, ['false']);
  }
  return undefined;
}

/** The conditions with one more entry. `undefined` if the operator and key already have a different entry. */
function withCondition(
  conditions: DraftConditions,
  operator: string,
  key: string,
  values: readonly string[],
): DraftConditions | undefined {
  const block = conditions[operator] ?? {};
  if (Object.keys(block).some((other) => other.toLowerCase() === key.toLowerCase())) return undefined;
  return { ...conditions, [operator]: { ...block, [key]: values } };
}

function without(conditions: DraftConditions, operator: string, key: string): DraftConditions {
  const { [operator]: block = {}, ...others } = conditions;
  const { [key]: _, ...rest } = block;
  return Object.keys(rest).length === 0 ? others : { ...others, [operator]: rest };
}

function saidBy({ message, hint }: Finding) {
  return { why: message, instead: hint };
}
