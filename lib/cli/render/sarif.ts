/** Renders findings about the definitions as SARIF, for code scanning. */
import { type SarifRule, sarifArtifact, sarifLog } from '@leasehold/contract/sarif';
import type { Finding, SourceRange } from '@leasehold/definitions';
import { guardrails, type WaivedFinding } from '@leasehold/guardrails';
import type { CheckedProject } from '../checked-project';
import { type PackageManifest, packageManifest, pageText } from '../package-root';

/**
 * The log of one run. Paths are relative to the working directory, so that the same project yields the same log
 * anywhere. Each rule contains the text of its page as `help`. If `about` contains the address at which the pages are
 * published, the rule also contains the page's address as `helpUri`.
 */
export function projectSarif({ findings, waived }: CheckedProject, about: PackageManifest = packageManifest()) {
  return sarifLog({
    driver: 'leasehold',
    version: about.version,
    rules: rules([...findings, ...waived.map(({ finding }) => finding)], about),
    results: [
      ...findings.map(result),
      ...waived.map((each) => ({ ...result(each.finding), suppressions: [suppression(each)] })),
    ],
  });
}

/** All guardrails (even without findings), and all other rules that have findings. */
function rules(findings: readonly Finding[], { homepage }: PackageManifest): readonly SarifRule[] {
  const known = new Map(guardrails.map(({ id, title, severity, page }) => [id, { id, title, level: severity, page }]));
  const others = findings.flatMap(({ id, severity, page }) => (known.has(id) ? [] : [{ id, level: severity, page }]));
  return [...known.values(), ...others].map(({ page = '', ...rule }) => ({
    ...rule,
    page: homepage === undefined || page === '' ? undefined : new URL(page, slashed(homepage)).href,
    markdown: page.startsWith('docs/guardrails/') ? pageText(page) : undefined,
  }));
}

function result({ id, severity, message, expected, hint, at, environment }: Finding) {
  const advice = expected === undefined ? hint : `Expected: ${expected}. ${hint}`;
  return {
    ruleId: id,
    level: severity,
    message: { text: `${message} ${advice}` },
    locations: [{ physicalLocation: { artifactLocation: sarifArtifact(at.file), region: region(at) } }],
    ...(environment === undefined ? {} : { properties: { environment } }),
  };
}

function suppression({ because, until }: WaivedFinding) {
  // `status` is omitted: in SARIF it means "accepted", and a widely copied schema calls the property `state`.
  return { kind: 'inSource', justification: `${because} (until ${until})` };
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

function slashed(address: string): string {
  return address.endsWith('/') ? address : `${address}/`;
}
