/** `leasehold validate [paths…]`: checks the definitions against every rule and guardrail. */

import { hasErrors } from '@leasehold/definitions';
import { inFileOrder } from '@leasehold/guardrails';
import { type Command, Option } from 'commander';
import { pathsArgument } from '../choose';
import { movedConsoles } from '../console-moved';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { checkProject } from '../project';
import { findingsJson } from '../render/findings-json';
import { jsonText } from '../render/json';
import { renderReport } from '../render/report';
import { projectSarif } from '../render/sarif';
import type { Shell } from '../shell';

interface Options {
  readonly json?: boolean;
  readonly sarif?: boolean;
}

export function validate(command: Command, shell: Shell): void {
  command
    .description(
      'Checks the definitions against every rule and guardrail. Every error shows its location, what was expected ' +
        'and how to fix it. Every run also lists the active waivers. If the manifest of a deployed stack is in ' +
        'LEASEHOLD_MANIFEST or leasehold.json, the command warns if the console moves to another domain.',
    )
    .addArgument(pathsArgument())
    .addOption(new Option('--json', 'findings as JSON').conflicts('sarif'))
    .addOption(new Option('--sarif', 'findings as SARIF 2.1.0, for code scanning').conflicts('json'))
    .action(
      shell.ends(async (paths: readonly string[], { json, sarif }: Options) => {
        const checked = await checkProject(paths, shell.host);
        const moved = checked.definitions === undefined ? [] : movedConsoles(checked.definitions, shell.host);
        const project = { ...checked, findings: [...checked.findings, ...moved].sort(inFileOrder) };
        if (json || sarif) shell.host.out(jsonText(json ? findingsJson(project) : projectSarif(project)));
        else shell.host.out(renderReport(project, shell.host.today, shell.out));
        return hasErrors(project.findings) ? EXIT.findings : EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold validate', 'the definitions under roles/'],
      ['leasehold validate --json roles | jq .summary', 'for a program'],
      ['leasehold validate --sarif > leasehold.sarif', 'for code scanning'],
    ],
    exits: { 0: 'no errors; there may be warnings', 1: 'at least one error' },
    details: DETAILS,
  });
}

const DETAILS = `\`--json\` prints one object. \`version\` changes when a field is removed or changes its meaning, not when a field is added.

| field | content |
| --- | --- |
| \`version\` | 1 |
| \`findings[]\` | \`id\`, \`severity\` (\`error\`, \`warning\`, \`note\`), \`message\`, \`expected\`?, \`hint\`, \`at\`, \`environment\`?, \`page\`?; in file order |
| \`findings[].at\` | \`file\`, \`line\`, \`column\`, \`endLine\`, \`endColumn\`: from 1, columns in UTF-16 code units, the end exclusive |
| \`waived[]\` | \`guardrail\`, \`role\`?, \`because\`, \`until\`, \`finding\` |
| \`summary\` | \`project\` (null if it cannot be read), \`files\`, \`environments[]\`, \`roles[]\`, \`errors\`, \`warnings\`, \`notes\`, \`waived\` |

\`--sarif\` prints a SARIF 2.1.0 log of one run: a rule for every guardrail, with its page as help; a result for every finding; and a suppressed result for every waived finding, with the reason of the waiver. Addresses are relative to the working directory.`;
