import { exactAction } from './action-groups';
import { contains } from './contain';
import type { Region } from './decide';
import type { Pass } from './grants';
import { ACTION } from './literal';
import type { Pattern } from './pattern';
import { isOneOf, type Rule, texts } from './rule';

/** Restricts a pass of the search to the relevant rules; `undefined` if no rules remain. */
export type Focus = (pass: Pass) => Pass | undefined;

/**
 * Restricts the search to grants of one action by the compared policies, and optionally to some Allow rules of the
 * second side.
 */
export function ownGrants(action: string, allows?: readonly Rule[]): Focus {
  return (pass) => {
    if (pass.grant !== 'own') return undefined;
    return narrow(allows === undefined ? pass : { ...pass, after: withAllows(pass.after, allows) }, action);
  };
}

/**
 * Restricts the search to grants of one action by other policies: by resource policies, or by the caller's own policies
 * in addition to a resource policy.
 */
export function otherGrants(action: string): Focus {
  return (pass) => (pass.grant === 'own' ? undefined : narrow(pass, action));
}

/** Restricts the search to grants by the given Allow rules of the second side, for any action. */
export function allowing(allows: readonly Rule[]): Focus {
  return (pass) => (pass.grant === 'own' ? { ...pass, after: withAllows(pass.after, allows) } : undefined);
}

function narrow(pass: Pass, action: string): Pass {
  const exact = exactAction(action);
  return { ...pass, before: about(pass.before, exact), after: about(pass.after, exact) };
}

/** The rules that apply to the action, restricted to that action. */
function about({ layers, denies, uncertain }: Region, exact: Pattern): Region {
  const only = texts([exact], false);
  const action = isOneOf(ACTION, only);
  const narrowed = (rules: readonly Rule[]) =>
    rules.filter((rule) => speaksOf(rule, exact)).map((rule) => ({ ...rule, actions: only, action }));
  return {
    layers: layers.map(({ name, allows }) => ({ name, allows: narrowed(allows) })),
    denies: narrowed(denies),
    uncertain: narrowed(uncertain),
  };
}

function speaksOf({ actions }: Rule, exact: Pattern): boolean {
  return actions.set.patterns.some((pattern) => contains(pattern, exact)) !== actions.negated;
}

/** Replaces the Allow rules of the first layer, which is the granting layer. */
function withAllows(region: Region, allows: readonly Rule[]): Region {
  const [granting, ...limits] = region.layers;
  return granting === undefined ? region : { ...region, layers: [{ ...granting, allows }, ...limits] };
}
