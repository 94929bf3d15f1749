/** Keys of IAM policies that people might write in a role definition by mistake, with the keys to use instead. */
import { type Complaint, shown } from './complaints';
import type { Path } from './model';

/**
 * The message about an IAM key, and a hint about what to write instead. A hint never suggests removing a restriction,
 * because that would widen permissions.
 */
interface Translation {
  readonly message: string;
  readonly hint: string;
}

/** Whether a path leads to a statement: an item of `allow` or `deny` in a role or in an environment's override. */
export function isStatement(path: Path): boolean {
  const [section, index] = path.slice(-2);
  return (section === 'allow' || section === 'deny') && typeof index === 'number';
}

/** The finding for a key that exists in IAM policies but not in role definitions; undefined for other keys. */
export function iamKey(key: string, value: unknown, path: Path): Complaint | undefined {
  const folded = key.toLowerCase();
  const found = isStatement(path) ? inStatement(folded, value, path) : ofPolicy(folded, path);
  return found && { id: 'iam-key', expected: 'statements of `actions`, `resources` and `conditions`', ...found };
}

function inStatement(key: string, value: unknown, path: Path): Translation | undefined {
  switch (key) {
    case 'effect':
      return effect(value, path);
    case 'notactions':
    case 'notaction':
      return path.at(-2) === 'deny'
        ? {
            message: 'A statement lists the actions that it denies; `NotAction` is not supported.',
            hint: 'List under `actions` what is denied, and under `allow:` what is permitted.',
          }
        : {
            message: 'A statement lists the actions that it permits; `NotAction` is not supported.',
            hint: 'List the actions that the task needs under `actions`; to exclude some that a wildcard matches, deny them in a statement under `deny:`.',
          };
    case 'notresources':
    case 'notresource':
      return {
        message: 'A statement lists the resources that it applies to; `NotResource` is not supported.',
        hint:
          path.at(-2) === 'deny'
            ? 'List the resources that are denied under `resources`, and those that are permitted under `allow:` only.'
            : 'List the resources that the task needs under `resources`; to exclude some of them, deny them in a statement under `deny:`.',
      };
    case 'principal':
    case 'principals':
    case 'notprincipal':
    case 'notprincipals':
      return {
        message: 'A statement cannot define who may use the role, because a role can be used only with a lease.',
        hint: 'List the agents that may request the role under its `agents:`, and those for whom the broker opens it under `eligible:`.',
      };
    case 'notconditions':
    case 'notcondition':
      return {
        message: 'A condition is not negated by its key.',
        hint: 'Use a negated operator under `conditions`, for example `StringNotEquals`, or write a statement under `deny:`.',
      };
    case 'sid':
      return { message: 'A statement has no id.', hint: 'Describe it in a YAML comment above it.' };
    default:
      return undefined;
  }
}

/** The key `Effect` is redundant only if it is `Allow` under `allow`, or `Deny` under `deny`. */
function effect(value: unknown, path: Path): Translation {
  const written = typeof value === 'string' ? value.toLowerCase() : '';
  const section = path.at(-2);
  if (written === section) {
    return {
      message: `A statement has no \`Effect\`: its effect is that of \`${section}:\`.`,
      hint: `Remove the key; the statement stays under \`${section}:\`.`,
    };
  }
  if (written === 'deny') {
    return {
      message: 'A statement under `allow:` always permits, whatever its `Effect`.',
      hint: 'Move the statement to `deny:`, without this key.',
    };
  }
  return {
    message: `A statement under \`${section}:\` has no \`Effect\`, and this one has the value ${shown(value)}.`,
    hint:
      section === 'deny'
        ? 'Remove the key if the statement is to deny; what the role may do goes under `allow:`.'
        : 'Remove the whole statement, or move it to `deny:` if it is to deny.',
  };
}

function ofPolicy(key: string, path: Path): Translation | undefined {
  if (path.length > 0) return undefined;
  if (key !== 'statement' && key !== 'version') return undefined;
  return {
    message: `\`${key === 'version' ? 'Version' : 'Statement'}\` is a key of an IAM policy, and a role has another format.`,
    hint: 'Write what it permits under `allow:` and what it denies under `deny:`; `leasehold import` converts a policy.',
  };
}
