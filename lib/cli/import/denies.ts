/** Explicit denies of a source, which a role cannot repeat: what they touch is left out. */
import { compileActionPattern, many, overlaps, resourcePattern, type Statement } from '@leasehold/policy';
import type { Refusal } from './actions';
import type { Tale, Unit } from './model';
import { lose, rest } from './tale';

const PARTLY_DENIED: Refusal = {
  why: 'The source denies it in part, and a role says only what it permits.',
  instead: 'Name in the source the resources that remain, in place of the deny, and import it again.',
};

/** The unit without what the source denies. */
export function withoutDenied(unit: Unit, denies: readonly Statement[], tale: Tale): readonly Unit[] {
  return denies.reduce<readonly Unit[]>((units, deny) => units.flatMap((each) => without(each, deny, tale)), [unit]);
}

function without(unit: Unit, deny: Statement, tale: Tale): readonly Unit[] {
  const denied = unit.actions.filter(({ id }) => names(deny, id));
  if (denied.length === 0) return [unit];
  const others = unit.actions.filter((action) => !denied.includes(action));
  const spared = unit.resources.filter(({ resolved }) => !mayReach(deny, resolved));
  if (spared.length < unit.resources.length) {
    const outright = deny.Condition === undefined && many(deny.Resource).includes('*');
    for (const { id } of denied) {
      if (outright) rest(tale, id, 'The source itself denies it.');
      else lose(tale, [id], PARTLY_DENIED);
    }
  }
  return [
    { ...unit, actions: denied, resources: spared },
    { ...unit, actions: others },
  ].filter(({ actions, resources }) => actions.length > 0 && resources.length > 0);
}

function names({ Action, NotAction }: Statement, id: string): boolean {
  if (NotAction !== undefined) return !many(NotAction).some((pattern) => compileActionPattern(pattern)(id));
  return many(Action).some((pattern) => compileActionPattern(pattern)(id));
}

/** Whether a deny may meet some resource of a pattern; a `NotResource` may meet any. */
function mayReach({ Resource, NotResource }: Statement, pattern: string): boolean {
  if (NotResource !== undefined || pattern === '*') return true;
  return many(Resource).some((denied) => denied === '*' || overlaps(resourcePattern(denied), resourcePattern(pattern)));
}
