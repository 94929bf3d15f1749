/** Proves that an imported role permits no more than its source. Removes the permissions for which the proof fails. */
import { defined } from '@leasehold/contract/defined';
import type { Allow, Role } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { type Catalogue, type Comparison, compare, type PolicyDocument } from '@leasehold/policy';
import { lose } from './import-report';
import type { DraftRole, DraftStatement, ImportSource, Tale } from './model';
import { variablesOf, withOpenVariables } from './stand-in';

/**
 * A role that contains only proven statements. `changed` is true if permissions were removed because they could not be
 * proven.
 */
export interface Proven {
  readonly role: DraftRole;
  readonly changed: boolean;
}

/**
 * Compares a role, as it is deployed, with the source, including the source's deny statements and boundary. Variables
 * of the environment may have any value.
 */
export function proveRole(
  draft: DraftRole,
  role: Role,
  source: ImportSource,
  catalogue: Catalogue,
  tale: Tale,
): Proven {
  const inside = (allow: readonly Allow[]) => isInside({ ...role, allow }, draft, source, catalogue);
  if (inside(role.allow).kind === 'not-widened') return { role: draft, changed: false };
  const allow = draft.allow.flatMap((statement, index) => {
    const deployed = role.allow[index];
    return deployed === undefined ? [] : provenPart(statement, deployed, inside, tale);
  });
  return { role: { ...draft, allow }, changed: true };
}

function isInside(
  role: Role,
  draft: DraftRole,
  { documents, boundary }: ImportSource,
  catalogue: Catalogue,
): Comparison {
  const before = { identity: documents, ...defined({ boundary }) };
  const after: PolicyDocument = withOpenVariables(permissions(role), variablesOf([draft]));
  return compare(before, { identity: [after] }, { catalogue, resourcePolicies: 'ignore' });
}

/** The proven part of a statement. Each pair of an action and a resource is proven separately. */
function provenPart(
  statement: DraftStatement,
  deployed: Allow,
  inside: (allow: readonly Allow[]) => Comparison,
  tale: Tale,
): readonly DraftStatement[] {
  if (inside([deployed]).kind === 'not-widened') return [statement];
  return statement.resources.flatMap((resource, place) => {
    const there = { ...deployed, resources: deployed.resources.slice(place, place + 1) };
    if (inside([there]).kind === 'not-widened') return [{ ...statement, resources: [resource] }];
    const actions = statement.actions.filter((action, entry) => {
      const cell = { ...there, actions: deployed.actions.slice(entry, entry + 1) };
      const found = inside([cell]);
      if (found.kind === 'not-widened') return true;
      lose(tale, [`${action} on ${resource}`], {
        why:
          found.kind === 'widened'
            ? `The source does not permit it: ${found.sentence}`
            : `It is not proven that the source permits it: ${found.reason}`,
        instead: 'Write the intended permission as a separate statement in the source, and import the source again.',
      });
      return false;
    });
    return actions.length === 0 ? [] : [{ ...statement, actions, resources: [resource] }];
  });
}
