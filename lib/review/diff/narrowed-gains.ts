/**
 * Narrows gains to the resources that a deny statement no longer covers or an allow statement no longer excludes. The
 * allow statement that grants the gain may also cover other resources.
 */
import { type GainedAction, type GainOptions, gainedActions, many, type PolicyDocument } from '@leasehold/policy';
import { statementsOf } from './equal-values';
import { freedResources } from './lost-denies';
import { permissionsOf, type Side } from './side';

/**
 * The gains, each limited to the narrowest set of resources. A gain that exists only on narrowed resources lists these
 * resources instead of the pattern in the allow statement. If an action does not apply to any of these resources, it is
 * not a gain.
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
  // Something that is still gained when these resources are denied was gained independently of these resources.
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

/** Resource patterns that allow statements excluded before the plan, and that no allow statement excludes after it. */
function noLongerExcepted(before: readonly PolicyDocument[], after: readonly PolicyDocument[]): readonly string[] {
  const [earlier = [], later = []] = [before, after].map((documents) =>
    documents.flatMap(statementsOf).flatMap(({ Effect, NotResource }) => (Effect === 'Allow' ? many(NotResource) : [])),
  );
  return [...new Set(earlier.filter((text) => !later.includes(text)))].sort();
}
