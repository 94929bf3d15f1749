import type { Role } from '@leasehold/definitions';
import { type Catalogue, foldAscii, needsNoPermission } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { isRefused } from '../reading';

/** A role may use only one service and the companion services that it declares. */
export const oneService: RoleGuardrail = {
  id: 'one-service',
  title: 'A role works with one service and its named companions',
  severity: 'error',
  page: pageOf('one-service'),
  over: 'role',
  *check({ role, catalogue }) {
    const companions = new Set(role.companions.map(foldAscii));
    const places = placesByService(role, catalogue);
    const own = [...places.keys()].filter((service) => !companions.has(service));
    const [first] = own;
    const [other, ...more] = own.slice(1);
    if (other !== undefined) {
      const missing = [other, ...more].map((service) => `\`${service}\``).join(', ');
      const all = [...role.companions, other, ...more].sort().join(', ');
      yield {
        message: `This role works with \`${first}\` and with ${missing}.`,
        hint:
          more.length < BROAD
            ? `Write \`companions: [${all}]\` if they are needed together, or split the role.`
            : 'Split the role by task; `leasehold import` does so for an IAM policy, and proves that the roles permit no more.',
        at: role.locate(places.get(other) ?? []),
      };
    }
    if (first === undefined && places.size > 0) {
      yield {
        message: 'All services of this role are listed as companions, so the role has no main service.',
        hint: "Remove the role's main service from `companions:`.",
        at: role.locate(['companions']),
      };
    }
    yield* idle(role, places, catalogue);
  },
};

/** A role with at least this number of additional services is too broad for one kind of task. */
const BROAD = 9;

function* idle(role: Role, places: ReadonlyMap<string, unknown>, catalogue: Catalogue): Iterable<Complaint> {
  for (const companion of role.companions) {
    const at = () => role.locate(['companions']);
    if (!catalogue.hasService(companion)) {
      const near = catalogue.nearestService(companion);
      yield {
        message: `AWS has no service with the prefix \`${companion}\`.`,
        hint: near === undefined ? 'Remove the companion.' : `Did you mean \`${near}\`?`,
        at: at(),
      };
    } else if (!places.has(foldAscii(companion))) {
      yield {
        severity: 'warning',
        message: `\`${companion}\` is listed under \`companions:\`, but no action of the role belongs to it.`,
        hint: 'Remove the companion.',
        at: at(),
      };
    }
  }
}

/** The first action of each service, in the order written. */
function placesByService(role: Role, catalogue: Catalogue): ReadonlyMap<string, readonly (string | number)[]> {
  const places = new Map<string, readonly (string | number)[]>();
  for (const [index, { actions }] of role.allow.entries()) {
    for (const [entry, action] of actions.entries()) {
      const service = foldAscii(action.slice(0, Math.max(action.indexOf(':'), 0)));
      // An action that needs no permission does not count.
      if (needsNoPermission(action)) continue;
      // An action that no role may have does not count either, because another guardrail reports it.
      const named = catalogue.action(action);
      if (named !== undefined && isRefused(named)) continue;
      // Other guardrails report a service that is a wildcard or missing.
      if (/^[a-z0-9-]+$/.test(service) && !places.has(service)) places.set(service, ['allow', index, 'actions', entry]);
    }
  }
  return places;
}
