/**
 * The decision tables under `cases/`, one file a guardrail: what breaks it and with which words, and the near misses
 * that do not. A case states a `role`, or `roles` and a `project`; `says` are the messages in full, in file order; `…`
 * stands for a number.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinitions, guardrails } from '@leasehold/guardrails';
import { type CaseYaml, definitionsOf, type Snippet, snippet } from './build';

interface Breaking extends CaseYaml {
  readonly title: string;
  /** The messages, in file order. */
  readonly says: readonly string[];
  /** The text that the first finding points at. */
  readonly at?: string;
  /** What the first finding says of how to fix it. */
  readonly hint?: string;
  /** @default the guardrail's own */
  readonly severity?: string;
}

interface NearMiss extends CaseYaml {
  readonly title: string;
}

interface Table {
  readonly breaks: readonly Breaking[];
  readonly passes: readonly NearMiss[];
}

const folder = join(__dirname, 'cases');
const today = '2026-11-22';

test('every guardrail has a table', () => {
  const tables = readdirSync(folder).map((file) => file.replace(/\.yaml$/, ''));
  expect(tables.toSorted()).toEqual(guardrails.map(({ id }) => id).toSorted());
});

describe.each(guardrails)('$id: $title', ({ id, severity }) => {
  const file = join(folder, `${id}.yaml`);
  // Without a file, the first test names it.
  const source = snippet(existsSync(file) ? readFileSync(file, 'utf8') : 'breaks: []\npasses: []\n', `${id}.yaml`);
  const { breaks, passes } = source.value as Table;

  test('has cases that break it and near misses', () => {
    expect(breaks.length).toBeGreaterThan(0);
    expect(passes.length).toBeGreaterThan(0);
  });

  test.each(breaks.map((each, index) => [each.title, each, index] as const))('broken by %s', async (_, each, index) => {
    const found = await findings(source, id, ['breaks', index], each);
    expect(found.map(({ message }, place) => shortened(message, each.says[place]))).toEqual(each.says);
    const [first] = found;
    if (first === undefined) throw new Error('a breaking case says something');
    expect(first.severity).toBe(each.severity ?? severity);
    if (each.hint !== undefined) expect(first.hint).toBe(each.hint);
    if (each.at !== undefined) expect(source.textAt(first.at)).toBe(each.at);
  });

  test.each(passes.map((each, index) => [each.title, each, index] as const))('not by %s', async (_, each, index) => {
    expect(await findings(source, id, ['passes', index], each)).toEqual([]);
  });
});

/** The message as the case writes it, where the case leaves a number out: `…`. */
function shortened(message: string, said = ''): string {
  const [start = '', end] = said.split('…');
  if (end === undefined || !message.startsWith(start) || !message.endsWith(end)) return message;
  return /^\d+$/.test(message.slice(start.length, message.length - end.length)) ? said : message;
}

async function findings(source: Snippet, id: string, path: readonly (string | number)[], yaml: CaseYaml) {
  const checked = await checkDefinitions(definitionsOf(source, path, yaml), { today });
  return checked.findings.filter((finding) => finding.id === id);
}
