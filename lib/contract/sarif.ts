/**
 * SARIF 2.1.0, the report format for code scanning: the parts that all reports of Leasehold share. Source:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { defined } from './defined';
import { onOneLine } from './text';

/** `level` of a result: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317648 */
export type SarifLevel = 'error' | 'warning' | 'note';

/** Severities of findings and damages. */
export type SarifSeverity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/**
 * How code scanning displays a severity: the level of its results, and a score, which is shown as critical (over 9.0),
 * high (7.0 to 8.9), medium (4.0 to 6.9) or low. Source:
 * https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
 */
const RANKS = {
  critical: ['error', '9.5'],
  high: ['error', '8.0'],
  medium: ['warning', '5.5'],
  low: ['note', '2.0'],
  info: ['note', '0.1'],
} as const satisfies Readonly<Record<SarifSeverity, readonly [SarifLevel, string]>>;

/** The level of a severity. */
export function sarifLevel(severity: SarifSeverity): SarifLevel {
  return RANKS[severity][0];
}

/** The level and the properties of a security rule. */
export function sarifRank(severity: SarifSeverity): Pick<SarifRule, 'level'> & { readonly properties: object } {
  const [level, score] = RANKS[severity];
  return { level, properties: { tags: ['security', 'iam'], 'security-severity': score } };
}

/** A rule that results refer to. */
export interface SarifRule {
  readonly id: string;
  /** @default derived from the id */
  readonly title?: string;
  readonly level: SarifLevel;
  /** Absolute URL of the rule's page. SARIF does not permit a relative URL. */
  readonly page?: string | undefined;
  /** The rule's page as Markdown. */
  readonly markdown?: string | undefined;
  readonly properties?: object;
}

/**
 * A result of a rule. The code that creates the result adds further properties (locations, fingerprints, suppressions).
 */
export interface SarifResult {
  readonly ruleId: string;
  readonly level: SarifLevel;
  readonly message: { readonly text: string };
}

/** The contents of a log. */
export interface SarifRun<R extends SarifResult, P extends object> {
  /** Name of the tool. */
  readonly driver: string;
  readonly version: string;
  /** Rules in any order. If several rules have the same id, the last one is used. */
  readonly rules: readonly SarifRule[];
  readonly results: readonly R[];
  /** Further properties of the run, for example `automationDetails`. */
  readonly run?: P;
}

/** A SARIF log of one run, with the rules sorted by id. Each result has the index of its rule. */
export function sarifLog<R extends SarifResult, P extends object = object>(log: SarifRun<R, P>) {
  const { driver, version, rules, results, run } = log;
  const sorted = [...new Map(rules.map((rule) => [rule.id, rule])).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const positions = new Map(sorted.map(({ id }, position) => [id, position]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: driver, semanticVersion: version, rules: sorted.map(written) } },
        // SARIF's default for text files, stated explicitly.
        columnKind: 'utf16CodeUnits',
        ...(run as P),
        results: results.map(({ ruleId, ...result }) => ({ ruleId, ruleIndex: positions.get(ruleId), ...result })),
      },
    ],
  };
}

function written({ id, title = inWords(id), level, page, markdown, properties }: SarifRule) {
  return {
    id,
    shortDescription: { text: title },
    defaultConfiguration: { level },
    ...defined({ helpUri: page }),
    ...(markdown === undefined ? {} : { help: { text: title, markdown } }),
    ...defined({ properties }),
  };
}

/** The location of a file: relative to the repository, or an absolute URL. */
export function sarifArtifact(file: string) {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

/**
 * Text without links and mentions: a message may contain links as `[words](address)`, and alerts become comments.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317471
 */
export function sarifText(text: string): string {
  return onOneLine(text).replaceAll('](', '] (').replaceAll('@', '(at)');
}

/** The fingerprint that identifies the same result in later logs. */
export function sarifFingerprint(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

function inWords(id: string): string {
  const words = id.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
