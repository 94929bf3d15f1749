import type { Access } from '@leasehold/definitions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type ActionReading, listed, readAllows } from '../reading';

/** A wildcard must match more than one action, and only actions of the role's declared level. */
export const wildcardOfOneLevel: RoleGuardrail = {
  id: 'wildcard-of-one-level',
  title: 'A wildcard matches only actions of the declared access level',
  severity: 'error',
  page: pageOf('wildcard-of-one-level'),
  over: 'role',
  *check({ role, catalogue }) {
    for (const { index, actions } of readAllows(role, catalogue)) {
      for (const [entry, reading] of actions.entries()) {
        if (reading.kind !== 'known' || !reading.wildcard) continue;
        const complaint = disguised(reading) ?? (role.access === 'read' ? undefined : mixed(reading, role.access));
        if (complaint) yield { ...complaint, at: role.locate(['allow', index, 'actions', entry]) };
      }
    }
  },
};

type Unplaced = Omit<Complaint, 'at'>;

function disguised({ pattern, actions }: ActionReading): Unplaced | undefined {
  const [only] = actions;
  if (actions.length !== 1 || only === undefined) return undefined;
  return {
    message: `\`${pattern}\` matches only \`${only.id}\`, and hides it.`,
    hint: `Write \`${only.id}\`.`,
  };
}

/**
 * {@link oneAccessLevel} reports actions above the declared level. This guardrail reports read actions that match a
 * wildcard for write actions.
 */
function mixed({ pattern, byAccess }: ActionReading, declared: Exclude<Access, 'read'>): Unplaced | undefined {
  if (byAccess.read.length === 0) return undefined;
  return {
    message: `\`${pattern}\` matches ${listed(byAccess.read)}, which only reads, in a role with \`access: ${declared}\`.`,
    hint: 'List the read actions individually, because an approval also covers these actions.',
  };
}
