/** What a finding of `validate` changes about a drafted role: it narrows or removes, and never adds. */
import type { Finding, Path } from '@leasehold/definitions';
import { accessOf, type Catalogue, compare, hasWildcard, type PolicyDocument } from '@leasehold/policy';
import { isSensitive } from './actions';
import type { DraftConditions, DraftRole, DraftStatement, Tale } from './model';
import { scopesOf } from './resources';
import { lose } from './tale';

/** One change of a role; all of a statement but `halve`. */
export interface Edit {
  /** The statement goes. */
  readonly drop?: true;
  /** These actions go. */
  readonly actions?: readonly string[];
  /** These resources go. */
  readonly resources?: readonly string[];
  /** What stands in place of the statement. */
  readonly replace?: readonly DraftStatement[];
  /** The role keeps what only AWS can name. */
  readonly unscoped?: true;
  /** These denies go. */
  readonly denied?: readonly number[];
  /** These actions go from all statements. */
  readonly allowed?: readonly string[];
  /** The role becomes two. */
  readonly halve?: true;
}

/** The change that answers a finding at a place of a role; `undefined` where none does. What goes is told. */
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

/** A deny that denies nothing goes. Of any other the role cannot repeat what it says, so what it denies goes with it. */
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

/** What changes something or reads something sensitive gets resources that somebody names; the rest keeps its own. */
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
    // Where nothing narrower is known the resource stays, and somebody says why.
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

/** What is left of actions; a pattern that stands for one that goes is written out. */
function others(actions: readonly string[], gone: ReadonlySet<string>, catalogue: Catalogue): readonly string[] {
  return actions.flatMap((action) => {
    const ids = catalogue.expand(action).map(({ id }) => id);
    return ids.some((id) => gone.has(id)) ? ids.filter((id) => !gone.has(id)) : [action];
  });
}

/** Whether everything that a scope can name, whatever its variables stand for, is named by a resource of the source. */
function covers(resource: string, scope: string): boolean {
  if (resource === '*') return true;
  const allowing = (text: string): PolicyDocument => ({
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'any:Action', Resource: opened(text) },
  });
  return compare(allowing(resource), allowing(scope), { resourcePolicies: 'ignore' }).kind === 'not-widened';
}

/** One environment, and variables of definitions as policy variables, of which nobody knows what they stand for. */
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

/** The conditions, so that they no longer fail open; `undefined` where nothing keeps what they mean. */
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
    // True of every value: it only demands the key.
    return withCondition(without(conditions, operator, key), 'Null', key, ['false']);
  }
  if (id === 'condition-key' && !operator.includes(':')) {
    const values = conditions[operator]?.[key] ?? [];
    const several = withCondition(without(conditions, operator, key), `ForAllValues:${operator}`, key, values);
    return several && withCondition(several, 'Null', key, ['false']);
  }
  return undefined;
}

/** With one more condition; `undefined` where another stands in its place already. */
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
