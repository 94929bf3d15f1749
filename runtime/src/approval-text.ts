/** The text that an approver reads. It contains the same facts in the same order on every approval channel. */

import { clipped, solid } from '@leasehold/contract/text';
import type { ApprovalRequest, Permission } from './approval';
import { type AgentText, agentLines, commandText, factLines } from './marked-text';

/**
 * Maximum number of characters of one value. A longer value is truncated, and the number of omitted characters is
 * shown. A parameter has at most 256 characters.
 */
const LONGEST_VALUE = 2048;
/**
 * Maximum number of lines with permissions. A role's policy has at most 10,240 characters, so no deployed role reaches
 * this maximum.
 */
const MOST_LINES = 1000;

/**
 * A request as plain lines without invisible characters. The facts come first; below them are the agent's own texts,
 * each line marked. A fact value that an agent can choose never contains a space, so a line break inside the value
 * cannot make it look like another fact. Never empty.
 * @param columns Width of the screen, so that the screen itself breaks no line. Without it each fact is one line, and
 * the agent's lines are short.
 */
export function approvalLines(request: ApprovalRequest, columns?: number): readonly string[] {
  return [
    ...approvalFacts(request).flatMap((line) => factLines(line, columns)),
    '',
    ...agentLines(agentTexts(request), columns),
  ];
}

/** The facts about a request. These facts are determined by Leasehold, not by the agent. */
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
    ...(request.notices ?? []).map((notice) => `Notice:      ${value(notice)}`),
    `Role ARN:    ${value(request.roleArn)}`,
    `Lease:       ${value(request.id)}`,
    `Answer by:   ${utc(request.answerBy)}`,
    `Approvers:   ${request.approvers.map(value).join(', ')}`,
  ];
}

/** The texts in a request that were written by the agent. */
function agentTexts({ reason, command }: ApprovalRequest): readonly AgentText[] {
  return [
    { label: 'Reason', text: reason },
    ...(command === undefined ? [] : [{ label: 'Command', text: commandText(command) }]),
  ];
}

/** Permissions as indented lines of plain text: effect and actions, resources, and conditions. */
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
    `  … and ${lines.length - MOST_LINES} more lines: read the role's policy before you answer`,
  ];
}

/** A duration in words: `15 minutes`, `1 hour 30 minutes`, `45 seconds`. */
export function spokenSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [
    spoken(Math.floor(whole / 3600), 'hour'),
    spoken(Math.floor((whole % 3600) / 60), 'minute'),
    spoken(whole % 60, 'second'),
  ].filter((part) => part !== undefined);
  return parts.join(' ') || '0 seconds';
}

/** A time to the second, for example `2027-01-01 09:30:00 UTC`. */
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

/** A value that an agent can choose, or text that contains such a value. */
function chosen(text: string): string {
  return text === '' ? '(empty)' : clipped(text, LONGEST_VALUE, solid);
}
