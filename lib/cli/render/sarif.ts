/**
 * Findings as SARIF 2.1.0, for code scanning.
 * Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Finding, Severity, SourceRange } from '@leasehold/definitions';
import { guardrails, type WaivedFinding } from '@leasehold/guardrails';
import type { CheckedProject } from '../checked-project';
import { type PackageManifest, packageManifest, pageText } from '../package-root';

/**
 * The log of one run. Places are relative to the working directory, so the same project yields the same log
 * anywhere. Each rule carries its page as `help`, and as `helpUri` where `about` says where the pages are published.
 */
export function sarifLog({ findings, waived }: CheckedProject, about: PackageManifest = packageManifest()) {
  const all = [...findings, ...waived.map(({ finding }) => finding)];
  const rules = sarifRules(all, about);
  const positions = new Map(rules.map(({ id }, position) => [id, position]));
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'leasehold', semanticVersion: about.version, rules } },
        // What SARIF assumes of a text file anyway; said, so that nobody has to know.
        columnKind: 'utf16CodeUnits',
        results: [
          ...findings.map((finding) => sarifResult(finding, positions)),
          ...waived.map((each) => ({ ...sarifResult(each.finding, positions), suppressions: [suppression(each)] })),
        ],
      },
    ],
  };
}

/** `level` of a result: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317648 */
const LEVELS: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  error: 'error',
  warning: 'warning',
  note: 'note',
};

/** Every guardrail, whether it found anything or not, and every other rule that did; sorted by id. */
function sarifRules(findings: readonly Finding[], { homepage }: PackageManifest) {
  const known = new Map(guardrails.map(({ id, title, severity, page }) => [id, { title, severity, page }]));
  for (const { id, severity, page } of findings) {
    if (!known.has(id)) known.set(id, { title: inWords(id), severity, page: page ?? '' });
  }
  return [...known]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, { title, severity, page }]) => {
      const markdown = pageText(page);
      return {
        id,
        shortDescription: { text: title },
        defaultConfiguration: { level: LEVELS[severity] },
        // An absolute address, or none: a relative one is not valid SARIF.
        ...(homepage === undefined || page === '' ? {} : { helpUri: new URL(page, slashed(homepage)).href }),
        ...(markdown === undefined ? {} : { help: { text: title, markdown } }),
      };
    });
}

function sarifResult(finding: Finding, positions: ReadonlyMap<string, number>) {
  const { id, severity, message, expected, mend, at, environment } = finding;
  const advice = expected === undefined ? mend : `Expected: ${expected}. ${mend}`;
  return {
    ruleId: id,
    ruleIndex: positions.get(id),
    level: LEVELS[severity],
    message: { text: `${message} ${advice}` },
    locations: [{ physicalLocation: { artifactLocation: artifact(at.file), region: region(at) } }],
    ...(environment === undefined ? {} : { properties: { environment } }),
  };
}

function suppression({ because, until }: WaivedFinding) {
  // No `status`: to SARIF that means accepted, and a schema that was widely copied calls the property `state`.
  return { kind: 'inSource', justification: `${because} (until ${until})` };
}

function artifact(file: string) {
  if (isAbsolute(file)) return { uri: pathToFileURL(file).href };
  return { uri: file.split('/').map(encodeURIComponent).join('/'), uriBaseId: '%SRCROOT%' };
}

function region({ line, column, endLine, endColumn, text }: SourceRange) {
  return {
    startLine: line,
    startColumn: column,
    endLine,
    endColumn,
    ...(text === undefined ? {} : { snippet: { text } }),
  };
}

function inWords(id: string): string {
  const words = id.replaceAll('-', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}

function slashed(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
