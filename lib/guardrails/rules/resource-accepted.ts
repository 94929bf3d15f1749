import { largest } from '@leasehold/contract/any-length';
import { type ActionInfo, type Catalogue, needsNoPermission } from '@leasehold/policy';
import { likeness } from '../example-resource';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type ActionReading, type AllowReading, listed, readStatements } from '../reading';
import { type ResourceEntry, resourcesOf } from '../resources';

/**
 * In each statement, at least one action must accept each resource, and each action must accept at least one resource.
 */
export const resourceAccepted: RoleGuardrail = {
  id: 'resource-accepted',
  title:
    'Every resource of a statement is accepted by one of its actions, and every action accepts one of its resources',
  severity: 'error',
  page: pageOf('resource-accepted'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      const resources = resourcesOf(allow);
      // An unreadable action might accept anything; no action accepts an unreadable resource.
      if (!allow.readable || resources.some(({ text, arn }) => text !== '*' && arn === undefined)) continue;
      const isServed = ({ actions }: ActionReading) =>
        actions.some(
          (action) =>
            needsNoPermission(action.id) || resources.some(({ text }) => catalogue.acceptsResource(action, text)),
        );
      // If no action accepts any resource, the actions are reported, and not the resources as well.
      for (const resource of allow.actions.some(isServed) ? resources : []) {
        const complaint = unwanted(resource, allow, catalogue);
        if (complaint)
          yield { ...complaint, at: role.locate([allow.section, allow.index, 'resources', resource.index]) };
      }
      for (const [entry, reading] of allow.actions.entries()) {
        if (isServed(reading)) continue;
        yield {
          ...starved(reading.pattern, reading.actions, allow.allow.resources),
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
    message: `\`${pattern}\` accepts none of the resources of its statement, so it is never allowed.`,
    expected: formats(actions, written),
    hint: 'Remove the action: this statement never allows it. If the task needs the action, write a separate statement with a resource of the expected form.',
  };
}

/**
 * The ARN formats that actions accept, in AWS's notation, limited to the formats that are most similar to the written
 * resource.
 */
function formats(actions: readonly ActionInfo[], written: readonly string[]): string {
  const closest = (format: string) =>
    largest(
      written.map((text) => likeness(format, text)),
      0,
    );
  const all = [...new Set(actions.flatMap(({ resourceTypes }) => resourceTypes.flatMap(({ arns }) => arns)))].sort(
    (a, b) => closest(b) - closest(a),
  );
  if (all.length === 0) return '`*`: AWS scopes none of these actions to a resource';
  const shown = all.slice(0, 3).map((format) => `\`${format}\``);
  return `${shown.join(' or ')}${all.length > 3 ? ' and others' : ''}`;
}
