/** Gains on resources that a deny no longer covers or an allow no longer excepts, if the allow behind them names more. */
import { type GainedAction, type GainOptions, gainedActions, many, type PolicyDocument } from '@leasehold/policy';
import { statementsOf } from './equal-values';
import { freedResources } from './lost-denies';
import { permissionsOf, type Side } from './side';

/**
 * The gains with their narrowest resources: a gain only on such resources names these instead of the allow's pattern.
 * An action that works on none of them is not gained.
 */
export function narrowedGains(
  gained: readonly GainedAction[],
  before: Side,
  after: Side,
  options: GainOptions,
): readonly GainedAction[] {
  const freed = [
    ...freedResources(before.documents, after.documents),
    ...noLongerExcepted(before.documents, after.documents),
  ].filter((text) => text !== '*');
  if (gained.length === 0 || freed.length === 0) return gained;
  // What is gained independently of these resources is also gained if they are denied.
  const barred: Side = {
    ...after,
    documents: [
      ...after.documents,
      { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: freed }] },
    ],
  };
  const rest = gainedActions(permissionsOf(before), permissionsOf(barred), options);
  const elsewhere = new Set([...rest.gained, ...rest.undecided].map(({ action }) => action));
  if (elsewhere.has('*')) return gained;
  return gained.flatMap((gain) => {
    if (elsewhere.has(gain.action)) return [gain];
    const info = options.catalogue.action(gain.action);
    const resources = freed.filter((text) => info === undefined || options.catalogue.acceptsResource(info, text));
    return resources.length === 0 ? [] : [{ ...gain, resources }];
  });
}

/** Resource patterns that allows excepted before, and that no allow excepts any more. */
function noLongerExcepted(before: readonly PolicyDocument[], after: readonly PolicyDocument[]): readonly string[] {
  const [earlier = [], later = []] = [before, after].map((documents) =>
    documents.flatMap(statementsOf).flatMap(({ Effect, NotResource }) => (Effect === 'Allow' ? many(NotResource) : [])),
  );
  return [...new Set(earlier.filter((text) => !later.includes(text)))].sort();
}
