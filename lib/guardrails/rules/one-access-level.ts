import type { Access } from '@leasehold/definitions';
import { type ActionAccess, accessOf } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type ActionReading, listed, readAllows } from '../reading';

/** A role reads, or writes, or deletes. */
export const oneAccessLevel: RoleGuardrail = {
  id: 'one-access-level',
  title: 'A role reads, writes or deletes as it declares, and never combines writes and deletes',
  severity: 'error',
  page: pageOf('one-access-level'),
  unwaivable: 'approvers decide by the declared level; split the role instead',
  over: 'role',
  *check({ role, catalogue }) {
    const allows = readAllows(role, catalogue);
    for (const { index, actions } of allows) {
      for (const [entry, reading] of actions.entries()) {
        for (const access of FORBIDDEN[role.access]) {
          const complaint = exceeds(reading, access, role.access);
          if (complaint) yield { ...complaint, at: role.locate(['allow', index, 'actions', entry]) };
        }
      }
    }
    // A role that passes a role writes, whatever else it does.
    if (role.passes.length > 0 || role.assumes.length > 0) return;
    const readable = allows.length > 0 && allows.every((allow) => allow.readable);
    if (
      readable &&
      !LEVELS[role.access].every((level) =>
        allows.some(({ actions }) => actions.some(({ byAccess }) => byAccess[level].length > 0)),
      )
    ) {
      yield {
        severity: 'warning',
        message: `This role declares \`access: ${role.access}\`, but nothing that it allows counts as ${LEVELS[role.access].map((level) => NOUN[level]).join(' and ')}.`,
        hint: 'Declare the level of what it allows, so that approvers see no more than there is.',
        at: role.locate(['access']),
      };
    }
  },
};

/**
 * What may not stand in a role of a level. Reads go with everything: a task looks at what it works on. Permissions
 * management has a guardrail of its own.
 */
const FORBIDDEN: Readonly<Record<Access, readonly ('write' | 'delete')[]>> = {
  // Whether the project allows it is another guardrail's to say.
  'write+delete': [],
  read: ['write', 'delete'],
  write: ['delete'],
  delete: ['write'],
};

/** The levels that a role declares. */
const LEVELS: Readonly<Record<Access, readonly ('read' | 'write' | 'delete')[]>> = {
  read: ['read'],
  write: ['write'],
  delete: ['delete'],
  'write+delete': ['write', 'delete'],
};

const NOUN: Readonly<Record<ActionAccess, string>> = {
  read: 'a read',
  write: 'a write',
  delete: 'a delete',
  permissions: 'permissions management',
};

function exceeds(
  { pattern, wildcard, byAccess }: ActionReading,
  access: 'write' | 'delete',
  declared: Access,
): Omit<Complaint, 'at'> | undefined {
  // What only a condition holds to writing may stand beside deletes: without the condition it is one.
  const found = byAccess[access].filter((action) => declared !== 'delete' || accessOf(action) === access);
  if (found.length === 0) return undefined;
  return {
    message: wildcard
      ? `\`${pattern}\` also stands for ${listed(found)}, which counts as ${NOUN[access]}, and this role declares \`access: ${declared}\`.`
      : `\`${found[0]?.id}\` counts as ${NOUN[access]}, and this role declares \`access: ${declared}\`.`,
    hint: wildcard
      ? `Name the actions that the task needs, and move what is ${NOUN[access]} to a role with \`access: ${access}\`.`
      : `Move it to a role of its own with \`access: ${access}\`.`,
  };
}
