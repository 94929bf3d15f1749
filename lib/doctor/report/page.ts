/**
 * Generates the list of verifications for the documentation page of the doctor. A test checks that the page contains
 * it.
 */
import { verifications } from '../list';
import { PARTS, type Part } from '../verification';

const HEADINGS: Readonly<Record<Part, string>> = {
  identity: "Identity: the agents' users and base roles",
  roles: 'Roles: every role of the stack, and what reaches past them',
  account: 'Account: what leases and alerts depend on',
  broker: 'Broker',
  here: "The agent's machine: `leasehold doctor --here`",
};

/** Markdown: a table of all verifications, then a section for each verification with its id as heading. */
export function verificationsMarkdown(): string {
  const table = [
    '| verification | what is true in an undamaged account | severity |',
    '| --- | --- | --- |',
    ...verifications.map(({ id, title, severity }) => `| [\`${id}\`](#${id}) | ${title} | ${severity} |`),
  ].join('\n');
  const sections = PARTS.flatMap((part) => [
    `## ${HEADINGS[part]}`,
    ...verifications
      .filter((each) => each.part === part)
      .map(({ id, title, why, severity }) => `### ${id}\n\n${title}. Severity: ${severity}.\n\n${why}`),
  ]);
  return [table, ...sections].join('\n\n');
}
