/** What an approver reads, the same facts in the same order on every approval channel. */

import { clipped, solid } from '@leasehold/contract/text';
import type { ApprovalRequest, Permission } from './approval';
import { type AgentText, agentLines, commandText, factLines } from './marked-text';

/** Characters of one value; a longer one is cut, and the cut is counted. A parameter has 256 at most. */
const LONGEST_VALUE = 2048;
/** Lines of permissions. A role's policy has 10,240 characters at most, so this is never reached by a deployed one. */
const MOST_LINES = 1000;

/**
 * A request as plain lines, none of which holds a character that would not be seen. Facts first; below them, each line
 * marked, what the agent wrote. No value of a fact that an agent can choose holds a space, so that none can be broken into
 * what looks like another fact. Never empty.
 * @param columns Width of the screen, in which no line is broken by the screen itself. Without it facts are one line each,
 * and the agent's lines are short.
 */
export function approvalLines(request: ApprovalRequest, columns?: number): readonly string[] {
  return [
    ...approvalFacts(request).flatMap((line) => factLines(line, columns)),
    '',
    ...agentLines(agentTexts(request), columns),
  ];
}

/** What Leasehold says of a request. */
function approvalFacts(request: ApprovalRequest): readonly string[] {
  const parameters = Object.entries(request.parameters);
  return [
    `Role:        ${value(request.role)} (${value(request.purpose)})`,
    `Environment: ${value(request.project)} ${value(request.environment)}, account ${value(request.account)}`,
    `Agent:       ${value(request.agent)}`,
    ...parameters.map(([name, given]) => `Parameter:   ${chosen(name)} = ${chosen(given)}`),
    `Length:      ${spokenSeconds(request.durationSeconds)}, until ${utc(request.expiresAt)} if approved now`,
    'What the lease may do:',
    ...permissionLines(request.permissions),
    `Role ARN:    ${value(request.roleArn)}`,
    `Lease:       ${value(request.id)}`,
    `Answer by:   ${utc(request.answerBy)}`,
    `Approvers:   ${request.approvers.map(value).join(', ')}`,
  ];
}

/** What the agent says of it. */
function agentTexts({ reason, command }: ApprovalRequest): readonly AgentText[] {
  return [
    { label: 'Reason', text: reason },
    ...(command === undefined ? [] : [{ label: 'Command', text: commandText(command) }]),
  ];
}

/** Permissions as indented plain lines: what may be done, on what, and when. */
export function permissionLines(permissions: readonly Permission[]): readonly string[] {
  if (permissions.length === 0) return ['  nothing'];
  const lines = permissions.flatMap(({ effect, actions, resources, conditions }) => [
    `  ${effect === 'Deny' ? 'never' : 'may'} ${actions.map(chosen).join(', ')}`,
    ...resources.map((resource) => `    on ${chosen(resource)}`),
    ...Object.entries(conditions).flatMap(([operator, keys]) =>
      Object.entries(keys).map(
        ([key, values]) => `    only if ${chosen(key)} ${chosen(operator)} ${values.map(chosen).join(' or ')}`,
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

/** A value that an agent can choose, or that is filled with one. */
function chosen(text: string): string {
  return text === '' ? '(empty)' : clipped(text, LONGEST_VALUE, solid);
}
