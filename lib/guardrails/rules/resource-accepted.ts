import { type ActionInfo, type Catalogue, needsNoPermission } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, listed, readStatements } from '../reading';
import { type ResourceEntry, resourcesOf } from '../resources';

/** In each statement, every resource must be accepted by an action, and every action must accept a resource. */
export const resourceAccepted: RoleGuardrail = {
  id: 'resource-accepted',
  title: 'Every resource is accepted by an action beside it, and every action by a resource',
  severity: 'error',
  page: pageOf('resource-accepted'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      const resources = resourcesOf(allow);
      // An unreadable action might accept anything; no action accepts an unreadable resource.
      if (!allow.readable || resources.some(({ text, arn }) => text !== '*' && arn === undefined)) continue;
      for (const resource of resources) {
        const complaint = unwanted(resource, allow, catalogue);
        if (complaint)
          yield { ...complaint, at: role.locate([allow.section, allow.index, 'resources', resource.index]) };
      }
      for (const [entry, { pattern, actions }] of allow.actions.entries()) {
        if (actions.every(({ id }) => needsNoPermission(id))) continue;
        const served = actions.some((action) => resources.some(({ text }) => catalogue.acceptsResource(action, text)));
        if (served) continue;
        yield {
          ...starved(pattern, actions, allow.allow.resources),
          at: role.locate([allow.section, allow.index, 'actions', entry]),
        };
      }
    }
  },
};

function unwanted(
  { text }: ResourceEntry,
  { granted }: AllowReading,
  catalogue: Catalogue,
): Omit<Complaint, 'at'> | undefined {
  if (granted.some((action) => needsNoPermission(action.id) || catalogue.acceptsResource(action, text)))
    return undefined;
  return {
    message: `None of ${listed(granted)} accepts the resource \`${text}\`.`,
    expected: formats(granted, [text]),
    hint: 'Remove it, or correct the ARN.',
  };
}

function starved(pattern: string, actions: readonly ActionInfo[], written: readonly string[]): Omit<Complaint, 'at'> {
  return {
    message: `\`${pattern}\` accepts none of the resources of its statement, so that it is never allowed.`,
    expected: formats(actions, written),
    hint: 'Remove it: it is never allowed here. If the task needs it, give it a statement of its own with a resource of that form.',
  };
}

/** The ARN formats that actions accept, in AWS's notation: the few that are most similar to the written resource. */
function formats(actions: readonly ActionInfo[], written: readonly string[]): string {
  const likeness = (format: string) => Math.max(0, ...written.map((text) => sharedStart(format, text)));
  const all = [...new Set(actions.flatMap(({ resourceTypes }) => resourceTypes.flatMap(({ arns }) => arns)))].sort(
    (a, b) => likeness(b) - likeness(a),
  );
  if (all.length === 0) return '`*`: AWS scopes none of these actions to a resource';
  const shown = all.slice(0, 3).map((format) => `\`${format}\``);
  return `${shown.join(' or ')}${all.length > 3 ? ' and others' : ''}`;
}

/** The length of the common prefix of the last parts of two ARNs. */
function sharedStart(format: string, text: string): number {
  const [a, b] = [format, text].map((arn) => arn.split(':').slice(5).join(':'));
  let length = 0;
  while (a !== undefined && b !== undefined && length < a.length && a[length] === b[length]) length++;
  return length;
}
