/** Implements `leasehold review`: reads the plan, reviews it, and renders the result. */
import { statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import type { Review } from '@leasehold/review';
import {
  isReviewName,
  loadPlan,
  PlanError,
  plannedAccess,
  readPlan,
  reviewJson,
  reviewMarkdown,
  reviewPlan,
  reviewSarif,
  shownJson,
} from '@leasehold/review';
import { DEFAULT_PATH } from './choose';
import { type Paint, paint } from './colour';
import { declaredRoles } from './declared-roles';
import { UsageError } from './exit';
import type { Host } from './host';
import { packageManifest, pageText } from './package-root';
import { renderReview } from './render/review';
import { either } from './render/text';
import { firstOf, terraformSource, yamlSource } from './review-source';

/** Output formats of a review. */
export type Format = 'text' | 'markdown' | 'json' | 'sarif';

export interface RenderOptions {
  /** The plan as specified by the user. `-` means stdin. */
  readonly plan: string;
  /** Name of the plan, if there are several plans. */
  readonly name?: string | undefined;
  /**
   * Definitions in which findings are located.
   * @default `roles`, if the folder exists
   */
  readonly roles?: readonly string[] | undefined;
  readonly host: Host;
  readonly paint: Paint;
  readonly columns?: number | undefined;
}

/** The input of a review besides the plan. */
export interface ReviewedWith {
  readonly accounts?: readonly string[] | undefined;
  /**
   * Paths of the definitions whose declared roles the review takes into account.
   * @default `roles`, if the folder exists
   */
  readonly roles?: readonly string[] | undefined;
}

/**
 * Reads a plan (JSON, binary, or stdin for `-`) and reviews it. If the plan cannot be read, throws a {@link UsageError}
 * with the location.
 */
export async function reviewOf(plan: string, host: Host, options: ReviewedWith): Promise<Review> {
  const source = plan === '-' ? plan : planFile(resolve(host.cwd, plan), plan);
  try {
    const text = await loadPlan(source, { directory: host.cwd });
    return await reviewPlan(plannedAccess(readPlan(text)), {
      today: host.today,
      accounts: options.accounts ?? [],
      declaredRoles: await declaredRoles(options.roles, host),
    });
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    throw new UsageError(`${plan === '-' ? 'stdin' : plan}: ${error.message}`, { hint: error.hint }, error);
  }
}

/** Renders the review in the given format. The text format has color only if `paint` adds color. */
export function rendered(review: Review, format: Format, options: RenderOptions): string {
  if (format === 'json') return reviewJson(review);
  if (format === 'markdown') return reviewMarkdown(review, { name: options.name, page: pageAddress });
  if (format === 'text') return renderReview(review, options.paint, options.columns);
  const { host, plan, roles } = options;
  return shownJson(
    reviewSarif(review, {
      version: packageManifest().version,
      name: options.name,
      plan: plan === '-' ? undefined : plan.replaceAll('\\', '/').replace(/^(?:\.\/)+/, ''),
      page: pageAddress,
      pageText: (id) => pageText(pageFile(id)),
      source: sourceOf(review, host, roles),
    }),
  );
}

/** The output format for a file extension: `.md`, `.json`, `.sarif` or `.txt`. */
export function formatOf(file: string): Format {
  const found = ENDINGS.find(([ending]) => file.toLowerCase().endsWith(ending));
  if (found !== undefined) return found[1];
  throw new UsageError(`--out ${file}: its ending names no format`, {
    expected: `a name that ends in ${either(ENDINGS.map(([ending]) => ending))}`,
    hint: 'Give the file such an ending.',
  });
}

/**
 * The files to write, each with its format. Throws if the plan itself is among the files, or if a file is named twice.
 */
export function outputsOf(files: readonly string[], plan: string, host: Host) {
  const outputs = files.map((file) => ({ file, path: resolve(host.cwd, file), format: formatOf(file) }));
  for (const [index, { file, path }] of outputs.entries()) {
    const taken =
      (plan !== '-' && path === resolve(host.cwd, plan)) || outputs.findIndex((each) => each.path === path) < index;
    if (taken) {
      throw new UsageError(`--out ${file}: it would be written over`, {
        expected: 'files that are neither the plan nor named twice',
        hint: 'Name another file.',
      });
    }
  }
  return outputs;
}

/** Writes the review to files. */
export function writeOutputs(review: Review, outputs: ReturnType<typeof outputsOf>, options: RenderOptions): void {
  const plain = { ...options, paint: paint(false), columns: undefined };
  const texts = outputs.map(({ path, format }) => ({ path, text: rendered(review, format, plain) }));
  for (const { path, text } of texts) writeFileSync(path, text);
}

/** Validates the name of a review. Throws if the name is not valid. */
export function checkedName(name: string | undefined): string | undefined {
  if (name === undefined || isReviewName(name)) return name;
  throw new UsageError(`--name ${name}: it cannot name a review`, {
    expected: 'at most 100 letters, digits and . _ / -, beginning with a letter or digit, without --',
    hint: 'Choose a name like hermes-prod.',
  });
}

/** Validates account ids. Throws if an id is not valid. */
export function checkedAccounts(accounts: readonly string[] | undefined): readonly string[] | undefined {
  const wrong = accounts?.find((account) => !/^\d{12}$/.test(account));
  if (wrong === undefined) return accounts;
  throw new UsageError(`--account ${wrong}: this is not an account id`, {
    expected: 'twelve digits',
    hint: 'Give the twelve digits without hyphens.',
  });
}

const ENDINGS: readonly (readonly [ending: string, format: Format])[] = [
  ['.md', 'markdown'],
  ['.sarif', 'sarif'],
  ['.sarif.json', 'sarif'],
  ['.json', 'json'],
  ['.txt', 'text'],
];

/** Node cannot read a file of more than 2 GiB in one call. */
const MOST_BYTES = 2 ** 31 - 1;

/** The path of a plan file. Throws if the file is too large to read. */
function planFile(path: string, named: string): string {
  const stats = statSync(path);
  if (stats.isDirectory()) {
    throw new UsageError(`${named}: it is a folder`, { expected: 'a file', hint: 'Name the plan in it.' });
  }
  if (stats.size > MOST_BYTES) {
    throw new UsageError(`${named}: it is larger than 2 GiB`, { hint: 'Review plans with fewer resources each.' });
  }
  return path;
}

function sourceOf(review: Review, host: Host, roles: readonly string[] | undefined) {
  const { definitions } = loadDefinitions(roles ?? [DEFAULT_PATH], { cwd: host.cwd });
  return firstOf(...(definitions === undefined ? [] : [yamlSource(definitions, review)]), terraformSource(host.cwd));
}

function pageAddress(id: string): string | undefined {
  const { homepage } = packageManifest();
  if (homepage === undefined) return undefined;
  return new URL(pageFile(id), homepage.endsWith('/') ? homepage : `${homepage}/`).href;
}

function pageFile(id: string): string {
  return `docs/findings/${encodeURIComponent(id)}.md`;
}
