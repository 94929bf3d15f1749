/** `leasehold explain-rule <id>`: prints the documentation page of a rule from the installed package. */
import { complaintPages } from '@leasehold/definitions';
import { guardrails } from '@leasehold/guardrails';
import { nearest } from '@leasehold/policy';
import { findingKinds } from '@leasehold/review';
import type { Command } from 'commander';
import { EXIT, UsageError } from '../exit';
import { explainHelp } from '../help';
import { pageText } from '../package-root';
import { sectionOf } from '../render/markdown-section';
import { renderTable } from '../render/table';
import type { Shell } from '../shell';

interface Rule {
  readonly id: string;
  readonly checks: 'definitions' | 'Terraform plans';
  /**
   * Path of the page. It is relative to the root of the repository, which is also the root of the installed package. If
   * the rule is one section of the page, the path ends with `#` and an anchor.
   */
  readonly page: string;
}

export function explainRule(command: Command, shell: Shell): void {
  command
    .description(
      'Prints the page about a rule as Markdown: what the rule requires, why, and how to fix a finding. Without ' +
        'an id it lists every rule. The package contains the pages; nothing is downloaded.',
    )
    .argument('[id]', 'the id that a finding shows in brackets, for example no-star')
    .action(
      shell.ends(async (id: string | undefined) => {
        shell.host.out(id === undefined ? listOf(shell) : pagesOf(id));
        return EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold explain-rule no-star', 'why `*` is refused, and what to write instead'],
      ['leasehold explain-rule', 'every rule'],
    ],
    exits: { 0: 'the page, or the list, is on stdout' },
  });
}

/** Every rule that a finding can refer to, by id. */
export function explainedRules(): readonly Rule[] {
  const checks = 'definitions' as const;
  return [
    ...[...complaintPages()].map(([id, page]) => ({ id, checks, page })),
    ...guardrails.map(({ id, page }) => ({ id, checks, page })),
    ...findingKinds.map(({ id }) => ({ id, checks: 'Terraform plans' as const, page: `docs/findings/${id}.md` })),
  ].sort((one, other) => (one.id < other.id ? -1 : 1));
}

/**
 * The documentation page of a rule. A rule has two pages if a guardrail and a finding of the plan review have the same
 * id.
 */
function pagesOf(id: string): string {
  const rules = explainedRules();
  const pages = rules.filter((rule) => rule.id === id).flatMap((rule) => textOf(rule) ?? []);
  if (pages.length > 0) return pages.join('\n');
  const ids = rules.map((rule) => rule.id);
  const near = nearest(id, ids);
  throw new UsageError(`there is no rule "${id}"`, {
    expected: 'the id that a finding shows in brackets',
    hint: near === undefined ? 'List the rules: npx leasehold explain-rule' : `Did you mean "${near}"?`,
  });
}

function textOf({ page }: Rule): string | undefined {
  const [file = '', heading] = page.split('#');
  const text = pageText(file);
  return text === undefined || heading === undefined ? text : sectionOf(text, heading);
}

function listOf({ host, out }: Shell): string {
  const columns = [{ title: 'rule', keep: true }, { title: 'checks' }];
  const rows = explainedRules().map(({ id, checks }) => [id, checks]);
  return renderTable(columns, rows, { paint: out, columns: host.outColumns });
}
