/** `leasehold review <plan>`: reports how a Terraform plan changes the permissions of identities. */

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
      'Reviews a Terraform plan: what every user, role and group could do before, what it can do after, and which ' +
        'changes are dangerous. The command works for every configuration, not only for configurations that Leasehold wrote.',
    )
    .argument('<plan>', 'a plan: the output of `terraform show -json`, or the binary plan; - is stdin')
    .addOption(new Option('--markdown', 'the review as Markdown, for a comment').conflicts(['json', 'sarif']))
    .addOption(new Option('--json', 'the review as JSON').conflicts(['markdown', 'sarif']))
    .addOption(new Option('--sarif', 'findings as SARIF 2.1.0, for code scanning').conflicts(['markdown', 'json']))
    .option(
      '--out <file>',
      'also write the review to a file, in the format of its extension: .md, .json, .sarif or .txt; may be repeated',
      collect,
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit with 1 if a finding has this severity or a higher one (default: "high")')
        .choices(SEVERITIES)
        .default('high', 'high'),
    )
    .option('--name <name>', 'the name of this plan, if a pull request has several')
    .option(
      '--account <id>',
      'an account of your own, in addition to those of existing resources; accounts that only a provider shows no longer count; may be repeated',
      collect,
    )
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
        const result = await reviewOf(plan, host, { accounts, roles: options.roles });
        writeOutputs(result, outputs, rendering);
        host.out(rendered(result, chosen(options), rendering));
        return isAtLeast(worstOf(result), options.failOn) ? EXIT.findings : EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['terraform show -json tfplan > plan.json && leasehold review plan.json', 'show the review at the terminal'],
      ['terraform show -json tfplan | leasehold review - --markdown', 'from stdin, for a comment'],
      [
        'leasehold review plan.json --out review.md --out review.sarif --out review.json',
        'all formats that CI needs, in one run',
      ],
      ['leasehold review plan.json --fail-on critical', 'fail only on critical findings'],
    ],
    exits: {
      0: 'no finding has the severity of --fail-on or a higher one',
      1: 'at least one finding has',
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

const DETAILS = `A binary plan is converted by the installed \`terraform\`, or \`tofu\`. Run the command in the folder in which the plan was created. If a
plan cannot be read completely, the exit code is 2, and a message states the location of the fault. [Plan review](plan-review.md)
describes what is reviewed, what each finding means, and what a review cannot see. [In pull requests](ci.md) describes the setup in
CI, and [its schema](schema/review.schema.json) the JSON. SARIF locates a finding at the line of the YAML under \`--roles\`, or at the
Terraform block, if exactly one block under the working directory matches; otherwise at the plan.`;
