import type { Role } from '@leasehold/definitions';
import { foldAscii, hasWildcard } from '@leasehold/policy';
import { type Complaint, pageOf, type RoleGuardrail, type RoleSubject } from '../guardrail';
import { type AllowReading, listed, readAllows, whySensitive } from '../reading';

/** Read actions that return secrets, data or credentials must be written without wildcards and justified. */
export const noSensitiveRead: RoleGuardrail = {
  id: 'no-sensitive-read',
  title: 'A sensitive read is listed by name and justified',
  severity: 'error',
  page: pageOf('no-sensitive-read'),
  unwaivable: 'state the reason under `sensitive:` of the role instead',
  over: 'role',
  *check(subject) {
    const allows = readAllows(subject.role, subject.catalogue);
    const justified = new Set(subject.role.sensitive.map(({ action }) => foldAscii(action)));
    const told = new Set<string>();
    for (const allow of allows) yield* unjustified(allow, justified, subject.role, told);
    yield* idle(allows, subject);
  },
};

function* unjustified(
  { index, actions }: AllowReading,
  justified: ReadonlySet<string>,
  role: Role,
  told: Set<string>,
): Iterable<Complaint> {
  for (const [entry, { pattern, wildcard, sensitive }] of actions.entries()) {
    const [first] = sensitive;
    if (first === undefined) continue;
    // Locating a value parses its file again, so only values with violations are located.
    const at = () => role.locate(['allow', index, 'actions', entry]);
    if (wildcard) {
      yield {
        message: `\`${pattern}\` also matches ${listed(sensitive)}: ${whySensitive(first.id)}`,
        hint: 'Name the actions that the task needs; a sensitive read among them needs an entry under `sensitive:`.',
        at: at(),
      };
    } else if (!justified.has(foldAscii(first.id)) && !told.has(first.id)) {
      told.add(first.id);
      yield {
        message: `\`${first.id}\` is a sensitive read: ${whySensitive(first.id)}`,
        hint: `Remove it, or state why the task needs it: \`sensitive: [{ action: ${first.id}, because: … }]\`.`,
        at: at(),
      };
    }
  }
}

/** A justification for an action that the role does not have would silently apply if the action were added later. */
function* idle(allows: readonly AllowReading[], { role }: RoleSubject): Iterable<Complaint> {
  const named = new Set(allows.flatMap(({ allow }) => allow.actions.map(foldAscii)));
  for (const [index, { action, because }] of role.sensitive.entries()) {
    const at = () => role.locate(['sensitive', index]);
    if (because.trim() === '') {
      yield {
        message: `\`sensitive\` gives no reason for \`${action}\`.`,
        hint: 'Write why the task needs it.',
        at: at(),
      };
    } else if (hasWildcard(action)) {
      yield {
        message: `\`${action}\` under \`sensitive:\` is a wildcard, and a sensitive read is named outright.`,
        hint: 'Name the action.',
        at: at(),
      };
    } else if (!named.has(foldAscii(action))) {
      yield {
        severity: 'warning',
        message: `\`${action}\` is listed under \`sensitive:\`, but this role does not allow it.`,
        hint: 'Remove the entry.',
        at: at(),
      };
    } else if (whySensitive(action) === undefined) {
      yield {
        severity: 'warning',
        message: `\`${action}\` is listed under \`sensitive:\`, but is not a sensitive read.`,
        hint: 'Remove the entry.',
        at: at(),
      };
    }
  }
}
