/** Renders a review as SARIF for GitHub code scanning. */
import {
  type SarifRule,
  sarifArtifact,
  sarifFingerprint,
  sarifLevel,
  sarifLog,
  sarifRank,
  sarifText,
} from '@leasehold/contract/sarif';
import { onOneLine } from '@leasehold/contract/text';
import type { Review, ReviewFinding } from '../review';
import { addressOf } from './plan-text';

/** A line of a source file. The path is relative to the repository, and lines are counted from 1. */
export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

export interface SarifOptions {
  /** Version of Leasehold. */
  readonly version: string;
  /** Identifies the plan if there are several plans. Code scanning keeps the results of each plan separate. */
  readonly name?: string | undefined;
  /**
   * The plan as the user named it, or `undefined` for stdin. It is used as the location of findings whose source
   * location is unknown.
   */
  readonly plan?: string | undefined;
  /** Returns the source location of a finding, if known. */
  readonly source?: ((finding: ReviewFinding) => SourceLine | undefined) | undefined;
  /** Returns the absolute address of a finding's page. */
  readonly page?: ((id: string) => string | undefined) | undefined;
  /** Returns the Markdown of a finding's page. */
  readonly pageText?: ((id: string) => string | undefined) | undefined;
}

/**
 * The log of one run: a rule for every kind of finding, and a result for every finding and for every value that could
 * not be read. The location of a result is the source line if it is known, or else the plan. The logical location is
 * the Terraform address.
 */
export function reviewSarif(review: Review, options: SarifOptions) {
  const findings = [...review.findings, ...unreadFindings(review)];
  return sarifLog({
    driver: 'leasehold-review',
    version: options.version,
    rules: findings.map((finding) => rule(finding, options)),
    results: findings.map((finding) => result(finding, options)),
    run: {
      automationDetails: { id: `leasehold-review/${options.name === undefined ? '' : `${options.name}/`}` },
      properties: { verdict: onOneLine(review.verdict) },
    },
  });
}

/** Rule id for values that could not be read and for which there is no finding. */
const UNREAD = 'unread-value';

/** Values that could not be read, as findings. Locations for which there is already a finding are omitted. */
function unreadFindings({ unknowns, findings }: Review): readonly ReviewFinding[] {
  const told = new Set(findings.map(({ place }) => key(place)));
  return unknowns
    .filter(({ place }) => !told.has(key(place)))
    .map(({ place, why }) => ({
      id: UNREAD,
      severity: 'medium',
      place,
      message: `This value could not be read, so it counts as widened access: ${why}.`,
      why: 'What cannot be read can be anything.',
      hint: 'Replace the value with a literal, or review the value by hand after the plan is applied.',
    }));
}

function rule({ id, severity }: ReviewFinding, { page, pageText }: SarifOptions): SarifRule {
  return {
    id,
    ...sarifRank(severity),
    page: page?.(id),
    markdown: pageText?.(id),
  };
}

function result(finding: ReviewFinding, { source, plan }: SarifOptions) {
  const { id, severity, place, message, why, hint } = finding;
  const found = source?.(finding);
  return {
    ruleId: id,
    level: sarifLevel(severity),
    message: { text: sarifText(`${addressOf(place)}: ${message} ${why} ${hint}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: sarifArtifact(found?.file ?? plan ?? 'stdin'),
          region: { startLine: found?.line ?? 1 },
        },
        logicalLocations: [{ fullyQualifiedName: key(place), kind: 'resource' }],
      },
    ],
    // The fingerprint does not contain the line, so a finding keeps its identity when lines above it are added or
    // removed. It contains the values, so that the dismissal of one alert dismisses no other.
    partialFingerprints: {
      'leaseholdFinding/v1': sarifFingerprint([
        id,
        place.address,
        place.attribute ?? '',
        finding.identity ?? '',
        ...valuesIn(message),
      ]),
    },
    properties: { severity },
  };
}

/** ARNs, accounts, services, actions and addresses in a message, sorted, each once. */
const VALUES =
  /arn:aws[a-z-]*:[^\s,;()]+|[a-z][a-z0-9+.-]*:\/\/[^\s,;()]+|\b\d{12}\b|\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.amazonaws\.com\b|\b[a-z0-9-]+:[A-Z*][A-Za-z*]*|\bsends to\b|\buses\b/g;

function valuesIn(message: string): readonly string[] {
  return [...new Set(message.match(VALUES) ?? [])].map((value) => value.replace(/[.:]$/, '')).sort();
}

function key(place: ReviewFinding['place']): string {
  return onOneLine(place.attribute === undefined ? addressOf(place) : `${addressOf(place)}.${place.attribute}`);
}
