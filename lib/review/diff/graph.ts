/** The access graph on one side: the changed identities, who may assume them, and the services that they reach. */
import { many, type Statement } from '@leasehold/policy';
import { whoInWords } from '../callers/callers-in-words';
import type { Estate, Identity } from '../model';
import type { AccessGraph } from '../review';
import { Allowance } from './allowance';
import { entriesOf } from './principals';
import { pairOf } from './side';

/** The graph around some identities. Node ids depend only on keys, so they are identical before and after the plan. */
export function graphOf(estate: Estate, keys: readonly string[]): AccessGraph {
  const nodes = new Map<string, AccessGraph['nodes'][number]>();
  const edges = new Map<string, AccessGraph['edges'][number]>();
  const byArn = new Map<string, Identity>();
  for (const identity of estate.identities.values()) {
    if (identity.arn.kind === 'known') byArn.set(identity.arn.value, identity);
  }
  const node = (key: string, label: string, kind: 'principal' | 'role' | 'service') => {
    const id = idOf(key);
    nodes.set(id, { id, label, kind });
    return id;
  };
  const edge = (from: string, to: string, label: string) => edges.set(`${from} ${to} ${label}`, { from, to, label });
  for (const key of keys) {
    const identity = estate.identities.get(key);
    if (identity === undefined) continue;
    const self = node(key, identity.name, identity.kind === 'role' ? 'role' : 'principal');
    if (identity.trust?.document.kind === 'known') {
      for (const { named, statement } of entriesOf(identity.trust.document.value)) {
        if (!assumes(many(statement.Action))) continue;
        const known = byArn.get(named.value);
        const from =
          known === undefined
            ? node(`principal ${named.key}`, whoInWords(named, [statement]), 'principal')
            : node(known.key, known.name, known.kind === 'role' ? 'role' : 'principal');
        edge(from, self, demandsMfa(statement) ? 'opens with MFA' : 'opens');
      }
    } else if (identity.trust !== undefined) {
      edge(node('principal unknown', 'unknown', 'principal'), self, 'opens');
    }
    for (const service of servicesOf(identity, estate)) {
      edge(self, node(`service ${service}`, service === '*' ? 'everything' : service, 'service'), 'reaches');
    }
  }
  return {
    nodes: [...nodes.values()].sort((one, other) => (one.id < other.id ? -1 : 1)),
    edges: [...edges.values()].sort((one, other) =>
      `${one.from} ${one.to} ${one.label}` < `${other.from} ${other.to} ${other.label}` ? -1 : 1,
    ),
  };
}

function assumes(actions: readonly string[]): boolean {
  return actions.length === 0 || actions.some((action) => /^(\*|sts:(\*|assume.*))$/i.test(action));
}

/**
 * Whether every caller that a statement permits must use MFA. `BoolIfExists` is not sufficient: it also permits
 * long-term keys without MFA, because their requests do not contain the key.
 */
function demandsMfa({ Condition = {} }: Statement): boolean {
  return Object.entries(Condition).some(
    ([operator, keys]) =>
      operator.toLowerCase() === 'bool' &&
      Object.entries(keys).some(
        ([key, values]) =>
          key.toLowerCase() === 'aws:multifactorauthpresent' &&
          many(values).length > 0 &&
          many(values).every((value) => String(value).toLowerCase() === 'true'),
      ),
  );
}

function servicesOf(identity: Identity, estate: Estate): readonly string[] {
  const { after: side } = pairOf(undefined, identity, { before: estate, after: estate });
  if (side === undefined) return [];
  const services = new Set<string>();
  for (const { patterns, negated } of new Allowance(side).allowing()) {
    if (negated) services.add('*');
    else for (const pattern of patterns) services.add(serviceOf(pattern));
  }
  if (side.unknown.length > 0) services.add('unknown');
  return [...services].sort();
}

function serviceOf(pattern: string): string {
  const service = pattern.slice(0, Math.max(pattern.indexOf(':'), 0)).toLowerCase();
  return /^[\w-]+$/.test(service) ? service : '*';
}

/**
 * A short id of letters and digits: the first letters of the key, so that the source is readable, followed by the
 * FNV-1a hash of the key.
 */
function idOf(key: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const char of new TextEncoder().encode(key))
    hash = ((hash ^ BigInt(char)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `n${hash.toString(36)}`;
}
