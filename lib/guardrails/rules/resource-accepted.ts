import type { ActionInfo, Catalogue } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, listed, readStatements } from '../reading';
import { type ResourceEntry, resourcesOf } from '../resources';

/** In each statement every resource serves some action, and every action finds some resource. */
export const resourceAccepted: RoleGuardrail = {
  id: 'resource-accepted',
  title: 'Every resource is accepted by an action beside it, and every action by a resource',
  severity: 'error',
  page: pageOf('resource-accepted'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      const resources = resourcesOf(allow);
      // An unreadable action might accept anything; an unreadable resource is no ARN that an action could take.
      if (!allow.readable || resources.some(({ text, arn }) => text !== '*' && arn === undefined)) continue;
      for (const resource of resources) {
        const complaint = unwanted(resource, allow, catalogue);
        if (complaint)
          yield { ...complaint, at: role.locate([allow.section, allow.index, 'resources', resource.index]) };
      }
      for (const [entry, { pattern, actions }] of allow.actions.entries()) {
        const served = actions.some((action) => resources.some(({ text }) => catalogue.acceptsResource(action, text)));
        if (served) continue;
        yield { ...starved(pattern, actions), at: role.locate([allow.section, allow.index, 'actions', entry]) };
      }
    }
  },
};

function unwanted(
  { text }: ResourceEntry,
  { granted }: AllowReading,
  catalogue: Catalogue,
): Omit<Complaint, 'at'> | undefined {
  if (granted.some((action) => catalogue.acceptsResource(action, text))) return undefined;
  return {
    message: `None of ${listed(granted)} accepts the resource \`${text}\`.`,
    expected: formats(granted),
    hint: 'Correct the ARN, or move it to the statement whose actions it belongs to.',
  };
}

function starved(pattern: string, actions: readonly ActionInfo[]): Omit<Complaint, 'at'> {
  return {
    message: `\`${pattern}\` accepts none of the resources of its statement, so that it is never allowed.`,
    expected: formats(actions),
    hint: 'Give it a statement of its own with a resource that it accepts.',
  };
}

/** The ARN formats that actions accept, as AWS writes them: the first few. */
function formats(actions: readonly ActionInfo[]): string {
  const all = [...new Set(actions.flatMap(({ resourceTypes }) => resourceTypes.flatMap(({ arns }) => arns)))];
  if (all.length === 0) return '`*`: AWS scopes none of these actions to a resource';
  const shown = all.slice(0, 3).map((format) => `\`${format}\``);
  return `${shown.join(' or ')}${all.length > 3 ? ' and others' : ''}`;
}
