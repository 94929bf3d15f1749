/**
 * Renders a review as Markdown for a pull request comment: the most important facts come first, and the rest is
 * collapsed.
 */
import { type Review, SEVERITIES, type Severity } from '../review';
import { findingSections, SIGNS } from './findings-markdown';
import { COMMENT_LIMIT, fitted, folded, type Section } from './fit-comment';
import { fullListSections, identitySections } from './identities-markdown';
import { code, type Say, speaker } from './markup';
import { flowcharts } from './mermaid';
import { addressOf, count } from './plan-text';
import { statementSections } from './statements-markdown';

export interface MarkdownOptions {
  /**
   * Name of the plan, if a pull request has several plans. Shown in the heading and in the marker. The name has at
   * most 100 characters: letters, digits, `.`, `_`, `/` and `-`.
   */
  readonly name?: string | undefined;
  /**
   * Returns the absolute address of a finding's page.
   * @default the path of the page
   */
  readonly page?: ((id: string) => string | undefined) | undefined;
  /**
   * Maximum number of characters (UTF-16 code units).
   * @default 65,000, below GitHub's limit of 65,536
   */
  readonly limit?: number | undefined;
}

/**
 * Renders the comment. Its first line is the marker, and its second line is the verdict. Values of the plan appear
 * only as text.
 */
export function reviewMarkdown(review: Review, options: MarkdownOptions = {}): string {
  const say = speaker(valuesOf(review));
  const sections = [
    ...findingSections(review.findings, options.page, say),
    ...statementSections(review.statements),
    ...identitySections(review.identities, say),
    ...unknownSections(review, say),
    ...graphSections(review),
    ...fullListSections(review.identities),
  ];
  return `${fitted(head(review, say, options.name), sections, foot(review, say), options.limit ?? COMMENT_LIMIT)}\n`;
}

/** Whether a name is valid in a marker. */
export function isReviewName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(name) && !name.includes('--');
}

/** The hidden first line by which the next run finds this comment. It never contains text from a plan. */
export function marker(name?: string): string {
  if (name === undefined) return '<!-- leasehold-review -->';
  if (!isReviewName(name)) throw new RangeError(`no name of a review: ${JSON.stringify(name)}`);
  return `<!-- leasehold-review: ${name} -->`;
}

/** The worst severity of a review, computed from its findings. */
export function worstOf({ worst, findings }: Review): Severity | undefined {
  const found = [...findings.map(({ severity }) => severity), ...(worst === undefined ? [] : [worst])];
  return SEVERITIES.findLast((severity) => found.includes(severity));
}

/** Number of unknown values that are shown expanded. */
const OPEN_UNKNOWNS = 6;
/** Maximum number of locations per reason. For further locations, only their number is shown. */
const MOST_PLACES = 12;

/** All values of the plan that may appear in sentences. */
function* valuesOf({ identities, findings, unknowns }: Review): Iterable<string> {
  for (const { place } of [...findings, ...unknowns]) yield place.address;
  for (const { name, key, place, gained, lost } of identities) {
    yield name;
    yield key;
    if (place !== undefined) yield place.address;
    for (const { actions, resources } of [...gained, ...lost]) {
      yield* actions;
      yield* resources;
    }
  }
}

function head(review: Review, say: Say, name: string | undefined): string {
  const worst = worstOf(review);
  const sign = worst !== undefined ? SIGNS[worst] : isCertain(review) ? '✅' : '⚠️';
  const which = name === undefined ? 'Leasehold' : `Leasehold, ${code(name)}`;
  return `${marker(name)}\n## ${sign} ${which}: ${say(review.verdict)}`;
}

/**
 * True if no permissions were widened and the whole plan could be read. A new identity without findings does not count
 * as widening.
 */
function isCertain({ unknowns, identities }: Review): boolean {
  const doubtful = identities.some(
    ({ state, permissions }) => permissions.kind === 'unknown' || (permissions.kind === 'widened' && state !== 'new'),
  );
  return unknowns.length === 0 && !doubtful;
}

function foot({ terraform, seen }: Review, say: Say): string {
  const amounts = [
    count(seen.resources, 'resource'),
    count(seen.identities, 'identity', 'identities'),
    count(seen.policies, 'policy', 'policies'),
  ];
  return `<sub>Plan of Terraform or OpenTofu ${say(terraform)}: ${amounts.join(', ')} read. This review covers nothing outside of this plan.</sub>`;
}

function unknownSections({ unknowns }: Review, say: Say): readonly Section[] {
  const byReason = new Map<string, Set<string>>();
  for (const { place, why } of unknowns) {
    const where = [addressOf(place), ...(place.attribute === undefined ? [] : [place.attribute])].map(code).join(', ');
    byReason.set(why, (byReason.get(why) ?? new Set()).add(where));
  }
  const parts = [...byReason].map(([why, places]) => {
    const shown = [...places].slice(0, MOST_PLACES);
    const more = places.size - shown.length;
    return {
      rank: 80,
      text: () => `- ${shown.join('; ')}${more > 0 ? `; ${more} more` : ''}: ${say(why)}`,
      noun: 'unknown value',
      amount: places.size,
    };
  });
  const open = parts.slice(0, OPEN_UNKNOWNS);
  const rest = parts.slice(OPEN_UNKNOWNS);
  return [
    { before: '### Could not be read, so counts as widened', parts: open, glue: '\n' },
    folded(`${count(rest.length, 'more reason')} why values could not be read`, rest, '\n'),
  ];
}

function graphSections({ graph }: Review): readonly Section[] {
  const charts = flowcharts(graph);
  if (charts === undefined) return [];
  const chart = (text: string | undefined) => (text === undefined ? 'Nothing.' : `\`\`\`mermaid\n${text}\n\`\`\``);
  const text = `**Before**\n\n${chart(charts.before)}\n\n**After** (thick lines are new)\n\n${chart(charts.after)}`;
  return [folded('Who can reach what, before and after', [{ rank: 20, text: () => text, noun: 'graph' }])];
}
