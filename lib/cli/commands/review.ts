/** `leasehold review <plan>`: what a Terraform plan changes about who can do what. */

import { SEVERITIES, type Severity, worstOf } from '@leasehold/review';
import { type Command, Option } from 'commander';
import { collect, rolesOption } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { checkedAccounts, checkedName, type Format, outputsOf, rendered, reviewOf, writeOutputs } from '../plan-review';
import type { Shell } from '../shell';

interface Options {
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly sarif?: boolean;
  readonly out?: readonly string[];
  readonly failOn: Severity;
  readonly name?: string;
  readonly account?: readonly string[];
  readonly roles?: readonly string[];
}

export function review(command: Command, shell: Shell): void {
  command
    .description(
      'Reviews a Terraform plan: what every user, role and group could do before and could do after, and what of it is ' +
        'dangerous. Any configuration will do, not only one that Leasehold wrote.',
    )
    .argument('<plan>', 'a plan: what `terraform show -json` printed, or the binary itself; - is stdin')
    .addOption(new Option('--markdown', 'the review as Markdown, for a comment').conflicts(['json', 'sarif']))
    .addOption(new Option('--json', 'the review as JSON').conflicts(['markdown', 'sarif']))
    .addOption(new Option('--sarif', 'findings as SARIF 2.1.0, for code scanning').conflicts(['markdown', 'json']))
    .option(
      '--out <file>',
      'write it to a file, too, in the format of its ending: .md, .json, .sarif or .txt; may be repeated',
      collect,
    )
    .addOption(
      new Option('--fail-on <severity>', 'end with 1 when a finding is this severe or worse (default: "high")')
        .choices(SEVERITIES)
        .default('high', 'high'),
    )
    .option('--name <name>', 'which plan this is, where one pull request has several')
    .option('--account <id>', 'an account that is your own besides those of the plan; may be repeated', collect)
    .addOption(rolesOption())
    .action(
      shell.ends(async (plan: string, options: Options) => {
        const { host, out } = shell;
        const accounts = checkedAccounts(options.account);
        const outputs = outputsOf(options.out ?? [], plan, host);
        const rendering = {
          plan,
          name: checkedName(options.name),
          roles: options.roles,
          host,
          paint: out,
          columns: host.outColumns,
        };
        const result = await reviewOf(plan, host, accounts);
        writeOutputs(result, outputs, rendering);
        host.out(rendered(result, chosen(options), rendering));
        return isAtLeast(worstOf(result), options.failOn) ? EXIT.findings : EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['terraform show -json tfplan > plan.json && leasehold review plan.json', 'read it here'],
      ['terraform show -json tfplan | leasehold review - --markdown', 'from stdin, for a comment'],
      [
        'leasehold review plan.json --out review.md --out review.sarif --out review.json',
        'everything that CI needs, at once',
      ],
      ['leasehold review plan.json --fail-on critical', 'let all but the worst pass'],
    ],
    exits: {
      0: 'no finding is as severe as --fail-on says',
      1: 'at least one is',
    },
    details: DETAILS,
  });
}

function chosen({ json, markdown, sarif }: Options): Format {
  if (json) return 'json';
  if (markdown) return 'markdown';
  return sarif ? 'sarif' : 'text';
}

function isAtLeast(worst: Severity | undefined, severity: Severity): boolean {
  return worst !== undefined && SEVERITIES.indexOf(worst) >= SEVERITIES.indexOf(severity);
}

const DETAILS = `A binary plan is shown by the installed \`terraform\`, or \`tofu\`, in the working directory, where it was made. A plan that cannot be read, whole, ends with 2 and says where: it is never a pass. [Plan review](plan-review.md) says what
is looked at, what each finding means, and what a review cannot see; [In pull requests](ci.md) sets it up in CI. The JSON is
described by [its schema](schema/review.schema.json). SARIF places a finding at the line of the YAML under \`--roles\`, or of
the Terraform block under the working directory, where there is exactly one; otherwise at the plan.`;
