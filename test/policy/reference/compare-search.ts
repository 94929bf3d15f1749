/** Pairs of sides for `compare`, and a search for requests that contradict its answer. */
import {
  type Comparison,
  compare,
  many,
  type PolicyDocument,
  type PolicyDocuments,
  PolicyError,
  type Request,
} from '@leasehold/policy';
import { referenceAnswer } from './differential';
import { Draw } from './draw';
import { drawContext, withValuesOf } from './world-conditions';
import { drawDocuments, drawRequest, type World, worldOf } from './worlds';

export interface Pair {
  readonly before: PolicyDocuments;
  readonly after: PolicyDocuments;
  /** The request for which both sides were drawn. */
  readonly request: Request;
}

/** The pair of a seed: policies of a caller, or of a resource, and the same with something changed. */
export function pairOf(seed: number): Pair | undefined {
  const draw = new Draw(seed ^ 0x5eed);
  const { request, documents } = worldOf(seed);
  const { identity, boundary, session, scps, resource, trust } = documents;
  const ofCaller = identity !== undefined && identity.length > 0 && draw.chance(0.7);
  const before = written(
    ofCaller ? { identity, boundary, session, scps } : trust === undefined ? { resource } : { trust },
  );
  if (Object.keys(before).length === 0) return undefined;
  const other = changed(before, draw, draw.one([1, 1, 2, 3]));
  return draw.chance(0.5) ? { before, after: other, request } : { before: other, after: before, request };
}

/** Without the keys that have no value. */
const written = (documents: Readonly<Record<string, unknown>>): PolicyDocuments =>
  JSON.parse(JSON.stringify(documents));

/** A copy in which some statements are gone, doubled with the other effect, or have other elements. */
function changed(documents: PolicyDocuments, draw: Draw, times: number): PolicyDocuments {
  const copy = structuredClone(documents);
  const policies = Object.values(copy).flat(3) as { Statement: unknown }[];
  for (let count = 0; count < times; count += 1) {
    const policy = draw.one(policies);
    const statements = [policy.Statement].flat() as Record<string, unknown>[];
    const statement = draw.one(statements);
    const other = draw.one([drawn(documents, draw), statement]);
    const edit = draw.one(['drop', 'condition', 'element', 'element', 'values', 'add', 'version']);
    if (edit === 'drop' && statements.length > 1) statements.splice(statements.indexOf(statement), 1);
    else if (edit === 'condition' && statement.Effect === 'Allow') statement.Condition = other.Condition ?? {};
    else if (edit === 'condition') delete statement.Condition;
    else if (edit === 'add' && other !== statement) statements.push(other);
    else if (edit === 'values') shortenSomeList(statement, draw);
    else
      for (const element of draw.one([['Action', 'NotAction'], ['Resource', 'NotResource'], ['Condition']])) {
        if (other[element] === undefined) delete statement[element];
        else statement[element] = other[element];
      }
    policy.Statement = statements;
  }
  return copy;
}

/** A statement of another world, for a policy of the same kind. */
function drawn(documents: PolicyDocuments, draw: Draw): Record<string, unknown> {
  const [kind = 'identity'] = Object.keys(documents) as (keyof PolicyDocuments)[];
  for (;;) {
    const other = [worldOf(Math.floor(draw.number() * 1e6)).documents[kind] ?? []].flat(3) as { Statement: unknown }[];
    if (other.length > 0) return ([draw.one(other).Statement].flat() as Record<string, unknown>[])[0] ?? {};
  }
}

function shortenSomeList(statement: Record<string, unknown>, draw: Draw): void {
  const lists = Object.values(statement).filter(
    (value): value is unknown[] => Array.isArray(value) && value.length > 1,
  );
  if (lists.length > 0) draw.one(lists).pop();
}

/** What `compare` answers; `undefined` for documents that it refuses. */
export function compared({ before, after }: Pair, resourcePolicies: 'count' | 'ignore'): Comparison | undefined {
  try {
    return compare(before, after, { resourcePolicies, steps: 20_000 });
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

/** Whether the reference allows a request after and not before. */
export const widens = ({ before, after }: Pair, request: Request, beside: PolicyDocuments): boolean =>
  referenceAnswer({ request, documents: { ...beside, ...after } }) === 'allowed' &&
  referenceAnswer({ request, documents: { ...beside, ...before } }) !== 'allowed';

/** A request that the reference allows after and not before, among as many as `tries`. */
export function counterexample(
  pair: Pair,
  seed: number,
  tries: number,
  withResourcePolicies: boolean,
): World | undefined {
  const draw = new Draw(seed ^ 0xc0de);
  const { principal } = pair.request;
  const policies = Object.values({ ...pair.before, after: Object.values(pair.after) }).flat(4) as PolicyDocument[];
  const conditions = policies
    .flatMap(({ Statement }) => many(Statement))
    .flatMap(({ Condition }) => (Condition === undefined ? [] : [Condition]));
  for (let count = 0; count < tries; count += 1) {
    const context = withValuesOf(conditions, drawContext(principal, draw), draw);
    const request = { ...(draw.chance(0.75) ? pair.request : drawRequest(principal, draw)), context };
    const beside = besides(pair, request, withResourcePolicies, draw);
    if (widens(pair, request, beside)) return { request, documents: beside };
  }
  return undefined;
}

/** Policies that `compare` does not know: those of the resource for a caller's side, those of the caller for a resource's. */
function besides({ before }: Pair, request: Request, withResourcePolicies: boolean, draw: Draw): PolicyDocuments {
  const { resource, trust, identity } = drawDocuments(request, draw);
  const permissive = { Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: '*', Action: '*' } };
  if (before.resource !== undefined || before.trust !== undefined)
    return identity === undefined ? {} : { identity: draw.chance(0.6) ? [ALLOW_ALL] : identity };
  if (/^sts:/i.test(request.action))
    return {
      trust: draw.chance(0.5) ? { ...permissive, Statement: { ...permissive.Statement, Action: 'sts:*' } } : trust,
    };
  if (!withResourcePolicies) return {};
  return draw.chance(0.3) ? { resource: permissive } : resource === undefined ? {} : { resource };
}

const ALLOW_ALL = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
