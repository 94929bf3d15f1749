import type { Access, Role } from '@leasehold/definitions';
import { type ActionAccess, type ActionInfo, accessOf, accessUnder } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type ActionReading, type AllowReading, listed, readAllows } from '../reading';

/** A role may have only one of the access levels read, write and delete. */
export const oneAccessLevel: RoleGuardrail = {
  id: 'one-access-level',
  title: 'The actions of a role match the access level that the role declares, and never combine writes and deletes',
  severity: 'error',
  page: pageOf('one-access-level'),
  unwaivable: 'approvers rely on the declared level; split the role instead',
  over: 'role',
  *check({ role, catalogue }) {
    const allows = readAllows(role, catalogue);
    const other = mislabelled(allows, role);
    if (other) {
      yield { ...other, at: role.locate(['access']) };
      return;
    }
    const found = FORBIDDEN[role.access].filter((access) =>
      allows.some(({ actions }) => actions.some((reading) => exceeds(reading, access, role, '') !== undefined)),
    );
    for (const { index, actions } of allows) {
      for (const [entry, reading] of actions.entries()) {
        for (const access of FORBIDDEN[role.access]) {
          const complaint = exceeds(reading, access, role, remedy(role, access, found.length > 1));
          if (complaint) yield { ...complaint, at: role.locate(['allow', index, 'actions', entry]) };
        }
      }
    }
    // A role that passes or assumes a role counts as writing.
    if (found.length > 0 || role.passes.length > 0 || role.assumes.length > 0) return;
    // A role for single calls has the level of another role, but only some of its actions.
    if (role.callOf !== undefined) return;
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
        hint: 'Declare the access level of the actions that the role allows, so that approvers see the actual level.',
        at: role.locate(['access']),
      };
    }
  },
};

/**
 * For each declared level, the levels that the role must not have. Reads are always permitted, because a task reads the
 * resources that it changes. Permissions management has its own guardrail.
 */
const FORBIDDEN: Readonly<Record<Access, readonly ('write' | 'delete')[]>> = {
  // Another guardrail checks whether the project permits this level.
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
  { access: declared }: Role,
  hint: string,
): Omit<Complaint, 'at'> | undefined {
  // An action that is limited to writing only by a condition may be combined with deletes, because without the
  // condition it counts as a delete.
  const found = byAccess[access].filter((action) => declared !== 'delete' || accessOf(action) === access);
  if (found.length === 0) return undefined;
  return {
    message: wildcard
      ? `\`${pattern}\` also matches ${listed(found)}, which counts as ${NOUN[access]}, and this role declares \`access: ${declared}\`.`
      : `\`${found[0]?.id}\` counts as ${NOUN[access]}, and this role declares \`access: ${declared}\`.`,
    hint: wildcard
      ? `List the actions that the task needs, and move each ${NOUN[access]} to a role with \`access: ${access}\`.`
      : hint,
  };
}

/**
 * The hint: a read-only role can declare another level; a role that writes or deletes needs to be split, or needs
 * permission from the project.
 */
function remedy({ name, access: declared }: Role, access: 'write' | 'delete', both: boolean): string {
  if (declared === 'read' && !both) {
    return `Declare \`access: ${access}\` if that is the task; else remove it, or move it to a separate role.`;
  }
  return (
    `Move it to a separate role with \`access: ${access}\`; or, if one lease must do both, write \`access: [write, delete]\` ` +
    `here and \`mixedAccess: [{ role: ${name}, because: …, until: … }]\` in the project.`
  );
}

/**
 * Whether a role has no action of its declared level, and only actions of one other level. Then the declared level is
 * wrong, and the role need not be split.
 */
function mislabelled(allows: readonly AllowReading[], { access: declared }: Role): Omit<Complaint, 'at'> | undefined {
  if (declared !== 'write' && declared !== 'delete') return undefined;
  const other = declared === 'write' ? 'delete' : 'write';
  const readings = allows.flatMap(({ actions }) => actions);
  const of = (access: 'write' | 'delete') => readings.flatMap(({ byAccess }) => byAccess[access]);
  const found = [...new Set(of(other))];
  if (found.length === 0 || of(declared).length > 0) return undefined;
  if (readings.some(({ kind, wildcard }) => kind !== 'known' || wildcard)) return undefined;
  // Such a role may also combine deletes with actions that a condition limits to writing.
  if (declared === 'delete' && !found.every((action) => accessOf(action) === other)) return undefined;
  return {
    message: `This role declares \`access: ${declared}\`, and what it changes counts as ${NOUN[other]}: ${listed(found)}.`,
    hint:
      declared === 'write' && found.every(limitedRecords)
        ? `Declare \`access: delete\`; or let it only create and replace records, with the conditions \`ForAllValues:StringEquals: { ${RECORD_ACTIONS}: [CREATE, UPSERT] }\` and \`"Null": { ${RECORD_ACTIONS}: false }\`.`
        : `Declare \`access: ${other}\`.`,
  };
}

const RECORD_ACTIONS = 'route53:ChangeResourceRecordSetsActions';

/** Whether a condition on the kind of change limits the action to writing. */
function limitedRecords(action: ActionInfo): boolean {
  const conditions = {
    'ForAllValues:StringEquals': { [RECORD_ACTIONS]: ['CREATE', 'UPSERT'] },
    Null: { [RECORD_ACTIONS]: ['false'] },
  };
  return accessUnder(action, conditions) === 'write';
}
