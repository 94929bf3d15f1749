/**
 * Waivers suppress a guardrail for a role or for the project. Every waiver is listed in the output and has an end date.
 */
import type { Finding, Severity, SourceRange, Waiver } from '@leasehold/definitions';
import { nearest } from '@leasehold/policy';
import type { Guardrail } from './guardrail';

/** A waiver that is valid for at least this number of days counts as a long waiver. */
const LONG = 366;

/** A waiver with its place. */
export interface PlacedWaiver {
  readonly waiver: Waiver;
  /** Name of the role; undefined for a waiver of the project. */
  readonly role?: string;
  readonly at: SourceRange;
}

/** Whether a waiver is valid, and the findings about the waiver. */
export interface ReadWaiver extends PlacedWaiver {
  /** Whether the waiver is valid today. */
  readonly holds: boolean;
  readonly faults: readonly Omit<Finding, 'environment'>[];
}

/** Evaluates a waiver for a UTC date in the form `YYYY-MM-DD`. */
export function readWaiver(placed: PlacedWaiver, guardrails: readonly Guardrail[], today: string): ReadWaiver {
  const { guardrail: id, because, until } = placed.waiver;
  const faults: Omit<Finding, 'environment'>[] = [];
  const fault = (faultId: string, severity: Severity, message: string, hint: string) =>
    faults.push(waiverFinding(faultId, severity, message, hint, placed.at));
  const guardrail = guardrails.find((each) => each.id === id);
  if (guardrail === undefined) {
    const near = nearest(
      id,
      guardrails.map((each) => each.id),
    );
    fault(
      'waiver-unknown',
      'error',
      `There is no guardrail \`${id}\` to waive.`,
      near === undefined ? 'Copy the id from the finding.' : `Did you mean \`${near}\`?`,
    );
  } else if (guardrail.unwaivable !== undefined) {
    fault(
      'waiver-refused',
      'error',
      `\`${id}\` cannot be waived: ${guardrail.unwaivable}.`,
      `Remove the waiver, and fix what \`${id}\` found.`,
    );
  }
  if (because.trim() === '') {
    fault(
      'waiver-reason',
      'error',
      `The waiver of \`${id}\` gives no reason.`,
      'State under `because:` why it is acceptable.',
    );
  }
  if (!isDay(until)) {
    fault(
      'waiver-ended',
      'error',
      `\`${until}\`, the end date of the waiver of \`${id}\`, is not a date.`,
      'Write the last day as `YYYY-MM-DD`.',
    );
  } else if (until < today) {
    fault(
      'waiver-ended',
      'error',
      `The waiver of \`${id}\` ended on ${until}.`,
      `Fix what \`${id}\` found and remove the waiver, or review the decision and set a new date.`,
    );
  } else if (daysBetween(today, until) > LONG) {
    fault(
      'waiver-long',
      'warning',
      `The waiver of \`${id}\` runs until ${until}, for more than a year.`,
      'Choose a date on which somebody will review the waiver.',
    );
  }
  return { ...placed, holds: !faults.some(({ severity }) => severity === 'error'), faults };
}

/** The warning about a waiver that suppresses no finding. */
export function idleWaiver({ waiver, at }: PlacedWaiver): Omit<Finding, 'environment'> {
  return waiverFinding(
    'waiver-unused',
    'warning',
    `\`${waiver.guardrail}\` is waived, but finds nothing here.`,
    'Remove the waiver, so that it does not suppress a finding in the future.',
    at,
  );
}

function waiverFinding(
  id: string,
  severity: Severity,
  message: string,
  hint: string,
  at: SourceRange,
): Omit<Finding, 'environment'> {
  return { id, severity, message, hint, at, page: 'docs/guardrails/waivers.md' };
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}
