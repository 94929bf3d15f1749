/** What an approver reads, the same facts in the same order on every approval channel. */
import type { ApprovalRequest, Permission } from './approval';
import { clipped } from './visible';

/** Characters of one value; a longer one is cut, and the cut is counted. A parameter has 256 at most, a reason 1,000. */
const LONGEST_VALUE = 2048;
/** Lines of permissions. A role's policy has 10,240 characters at most, so this is never reached by a deployed one. */
const MOST_LINES = 1000;

/** A request as plain lines, none of which holds a character that would not be seen. Never empty. */
export function approvalLines(request: ApprovalRequest): readonly string[] {
  const parameters = Object.entries(request.parameters);
  return [
    `Role:        ${value(request.role)} (${value(request.purpose)})`,
    `Environment: ${value(request.project)} ${value(request.environment)}, account ${value(request.account)}`,
    `Agent:       ${value(request.agent)}`,
    `Reason:      “${value(request.reason)}”`,
    ...parameters.map(([name, given]) => `Parameter:   ${value(name)} = ${value(given)}`),
    `Length:      ${spokenSeconds(request.durationSeconds)}, until ${utc(request.expiresAt)} if approved now`,
    'Permissions:',
    ...permissionLines(request.permissions),
    `Role ARN:    ${value(request.roleArn)}`,
    `Lease:       ${value(request.id)}`,
    `Answer by:   ${utc(request.answerBy)}`,
    `Approvers:   ${request.approvers.map(value).join(', ')}`,
  ];
}

/** Permissions as indented plain lines: what may be done, on what, and when. */
export function permissionLines(permissions: readonly Permission[]): readonly string[] {
  if (permissions.length === 0) return ['  nothing'];
  const lines = permissions.flatMap(({ effect, actions, resources, conditions }) => [
    `  ${effect === 'Deny' ? 'never' : 'may'} ${actions.map(value).join(', ')}`,
    ...resources.map((resource) => `    on ${value(resource)}`),
    ...Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `    only if ${value(key)} ${value(operator)} ${values.map(value).join(' or ')}`,
      ),
    ),
  ]);
  if (lines.length <= MOST_LINES) return lines;
  return [
    ...lines.slice(0, MOST_LINES),
    `  … and ${lines.length - MOST_LINES} lines more: read the role's policy before you answer`,
  ];
}

/** Seconds as a person says them: `15 minutes`, `1 hour 30 minutes`, `45 seconds`. */
export function spokenSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    spoken(Math.floor(whole / 3600), 'hour'),
    spoken(Math.floor((whole % 3600) / 60), 'minute'),
    spoken(whole % 60, 'second'),
  ].filter((part) => part !== undefined);
  return parts.join(' ') || '0 seconds';
}

/** A moment to the second, for example `2027-01-01 09:30:00 UTC`. */
export function utc(moment: Date): string {
  if (Number.isNaN(moment.getTime())) return 'an unknown time';
  return `${moment.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function spoken(count: number, unit: string): string | undefined {
  return count === 0 ? undefined : `${count} ${unit}${count === 1 ? '' : 's'}`;
}

function value(text: string): string {
  return text === '' ? '(empty)' : clipped(text, LONGEST_VALUE);
}
