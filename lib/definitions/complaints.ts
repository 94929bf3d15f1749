/** Collects findings while definitions are read, each with the page that explains it. */

import { defined } from '@leasehold/contract/defined';
import { escapeHidden, listInWords } from '@leasehold/contract/text';
import { type Finding, hasErrors, type Severity, type SourceRange } from './finding';
import { MAX_FINDINGS_PER_FILE } from './limits';

/** Every kind of finding that the loader reports, with the section of `docs/definitions.md` that explains this kind. */
export const COMPLAINTS = {
  'address-format': 'broker',
  'alias-limit': 'limits',
  'ambiguous-number': 'yaml-that-is-read',
  'condition-key-twice': 'allow',
  'control-character': 'yaml-that-is-read',
  'document-limit': 'limits',
  'duplicate-issuer': 'subjects',
  'duplicate-key': 'yaml-that-is-read',
  'duplicate-principal': 'principals',
  'duplicate-role': 'role',
  'duplicate-sign-in': 'principals',
  'empty-environment': 'where-a-role-exists',
  'file-encoding': 'files',
  'file-limit': 'limits',
  'file-unreadable': 'files',
  'iam-key': 'keys-of-iam-statements',
  'iam-policy': 'files',
  'identity-format': 'identities',
  'key-not-text': 'yaml-that-is-read',
  'lease-order': 'lease',
  'merge-key': 'yaml-that-is-read',
  'mfa-lease-floor': 'lease',
  'mfa-without-approver': 'gates-and-agents',
  'mfa-workload': 'gates-and-agents',
  'missing-key': 'role',
  'missing-kind': 'files',
  'model-format': 'reviewer',
  'more-complaints': 'limits',
  'name-too-long': 'names',
  'nesting-limit': 'limits',
  'no-definitions': 'files',
  'no-project': 'project',
  'no-roles': 'role',
  'not-brokered': 'approval-reviewer-and-eligibility',
  'not-eligible': 'approval-reviewer-and-eligibility',
  'parameter-pattern': 'parameters',
  'partition-mismatch': 'environments',
  'per-call-action': 'calls-that-are-approved-one-by-one',
  'per-call-name': 'calls-that-are-approved-one-by-one',
  'per-call-parameter': 'calls-that-are-approved-one-by-one',
  'per-call-resource': 'calls-that-are-approved-one-by-one',
  'per-call-with': 'calls-that-are-approved-one-by-one',
  'repeated-item': 'yaml-that-is-read',
  'role-nowhere': 'where-a-role-exists',
  'shared-state': 'backend',
  'template-assembled': 'templates',
  'template-misplaced': 'templates',
  'template-syntax': 'templates',
  'token-limit': 'limits',
  'two-approvals': 'broker',
  'two-brokers': 'broker',
  'two-projects': 'project',
  'unknown-agent': 'gates-and-agents',
  'unknown-alias': 'yaml-that-is-read',
  'unknown-environment': 'where-a-role-exists',
  'unknown-external': 'roles-outside-leasehold',
  'unknown-key': 'yaml-that-is-read',
  'unknown-kind': 'files',
  'unknown-parameter': 'templates',
  'unknown-variable': 'templates',
  'user-format': 'principals',
  'wrong-name': 'names',
  'wrong-type': 'yaml-that-is-read',
  'wrong-value': 'yaml-that-is-read',
  'yaml-directive': 'yaml-that-is-read',
  'yaml-syntax': 'yaml-that-is-read',
  'yaml-tag': 'yaml-that-is-read',
} as const;

/** The id of a kind of finding that the loader reports. */
export type ComplaintId = keyof typeof COMPLAINTS;

/** The page that explains a kind of finding, relative to the repository. */
export function complaintPage(id: ComplaintId): string {
  return `docs/definitions.md#${COMPLAINTS[id]}`;
}

/** Maps the id of each kind of finding to its page. */
export function complaintPages(): ReadonlyMap<string, string> {
  const ids = Object.keys(COMPLAINTS) as ComplaintId[];
  return new Map(ids.map((id) => [id, complaintPage(id)]));
}

/** Maximum length of a message in characters. */
const MAX_TEXT = 2000;

/** A finding without its page, which is added later. */
export interface Complaint {
  readonly id: ComplaintId;
  /** The severity. Default: `error`. */
  readonly severity?: Severity;
  readonly message: string;
  readonly expected?: string;
  readonly hint: string;
}

/** The findings of one run. */
export class Complaints {
  private readonly byFile = new Map<string, Finding[]>();

  /** Whether no error was reported so far. */
  get none(): boolean {
    return this.byFile.size === 0;
  }

  /** Whether a finding so far is an error. */
  get hasErrors(): boolean {
    return [...this.byFile.values()].some(hasErrors);
  }

  /** @param at the range with the fault */
  add(at: SourceRange, complaint: Complaint, environment?: string): void {
    const { id, severity = 'error', message, expected, hint } = complaint;
    const finding: Finding = {
      id,
      severity,
      message: oneLine(message),
      ...(expected === undefined ? {} : { expected: oneLine(expected) }),
      hint: oneLine(hint),
      at,
      ...defined({ environment }),
      page: complaintPage(id),
    };
    const found = this.byFile.get(at.file);
    if (found === undefined) this.byFile.set(at.file, [finding]);
    else found.push(finding);
  }

  /**
   * All findings, sorted by file and then by position. At most {@link MAX_FINDINGS_PER_FILE} findings of a file are
   * listed; the rest are only counted.
   */
  inOrder(files: readonly string[]): readonly Finding[] {
    const known = new Set(files);
    const order = [...files, ...[...this.byFile.keys()].filter((file) => !known.has(file))];
    return order.flatMap((file) => shortened([...(this.byFile.get(file) ?? [])].sort(byPlace)));
  }
}

/** Collects findings about values that are resolved once for each environment, and merges duplicates. */
export class EnvironmentComplaints {
  private readonly told = new Map<string, { at: SourceRange; complaint: Complaint; environments: Set<string> }>();

  add(at: SourceRange, complaint: Complaint, environment: string): void {
    const key = [complaint.id, at.file, at.line, at.column, complaint.message].join('\n');
    const before = this.told.get(key);
    if (before === undefined) this.told.set(key, { at, complaint, environments: new Set([environment]) });
    else before.environments.add(environment);
  }

  /**
   * Adds the collected findings. Each finding contains the names of the environments in which it occurred, unless it
   * occurred in all environments.
   */
  flush(complaints: Complaints, environments: number): void {
    for (const { at, complaint, environments: where } of this.told.values()) {
      complaints.add(at, complaint, where.size < environments ? [...where].join(', ') : undefined);
    }
    this.told.clear();
  }
}

/** Formats a value for a message: in backticks, and truncated if the value is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return `\`${text.length > 80 ? `${text.slice(0, 79)}…` : text}\``;
}

/** The end of a message about an unknown word: a suggestion for the correct spelling. */
export function didYouMean(meant: string | undefined): string {
  return meant === undefined ? '.' : `; did you mean \`${meant}\`?`;
}

/** Names in backticks: `a`, `b` or `c`. */
export function listed(names: Iterable<string>, last: 'and' | 'or' = 'or'): string {
  return listInWords([...names].map(shown), { last, most: 20 });
}

/** Messages quote values from the file. These values are untrusted and may be long. */
function oneLine(text: string): string {
  return escapeHidden(text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT - 1)}…` : text);
}

function byPlace(a: Finding, b: Finding): number {
  return a.at.line - b.at.line || a.at.column - b.at.column;
}

function shortened(findings: readonly Finding[]): readonly Finding[] {
  const kept = findings.slice(0, MAX_FINDINGS_PER_FILE);
  const last = kept.at(-1);
  const cut = findings.slice(kept.length);
  if (last === undefined || cut.length === 0) return kept;
  return [
    ...kept,
    {
      id: 'more-complaints',
      // The summary has the highest severity of the omitted findings, so that a failed run still fails.
      severity: cut.some((finding) => finding.severity === 'error') ? 'error' : 'warning',
      message: `This file has ${cut.length} more problems, which are not listed.`,
      hint: 'Fix the ones above and run again.',
      at: last.at,
      page: complaintPage('more-complaints'),
    },
  ];
}
