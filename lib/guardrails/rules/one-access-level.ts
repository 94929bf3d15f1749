import type { Access } from '@leasehold/definitions';
import { type ActionAccess, accessOf } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type ActionReading, listed, readAllows } from '../reading';

/** A role may read, write or delete, but not several of these. */
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
    // A role that passes or assumes a role counts as writing.
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
 * Levels that a role with each declared level must not have. Reads are permitted everywhere, because a task reads what
 * it works on. Permissions management has its own guardrail.
 */
const FORBIDDEN: Readonly<Record<Access, readonly ('write' | 'delete')[]>> = {
  // Another guardrail checks whether the project permits it.
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
  // An action that only a condition limits to writing may be combined with deletes: without the condition it counts as
  // a delete.
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
