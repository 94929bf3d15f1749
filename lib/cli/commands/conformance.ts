/**
 * `leasehold conformance`: runs tests in a live account to verify the assumptions about AWS on which the policies
 * depend.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type ConformanceReport,
  cleanProbes,
  conform,
  conformancePolicy,
  isConformant,
  nameFault,
  PROBE_PATH,
  probes,
  reportJson,
  reportMarkdown,
} from '@leasehold/conformance';
import { defined } from '@leasehold/contract/defined';
import { onOneLine } from '@leasehold/contract/text';
import { partitionOf } from '@leasehold/policy';
import { type Command, Option } from 'commander';
import { collect } from '../choose';
import { demandTerminal, typed } from '../confirm';
import { accountOptions, federationOf, interruptible, regionsOf } from '../conformance';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { knownIds } from '../known-ids';
import { progressLine } from '../progress-line';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options {
  readonly account: string;
  readonly confirm?: string;
  readonly region?: readonly string[];
  readonly profile?: string;
  readonly only?: readonly string[];
  readonly bucket?: string;
  readonly table?: string;
  readonly tableKey?: string;
  readonly clean?: boolean;
  readonly policy?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

export function conformance(command: Command, shell: Shell): void {
  command
    .description(
      `Creates probe identities at the path ${PROBE_PATH} of an account, tests what Leasehold's policies assume about AWS, ` +
        'removes the identities, and reports the results. The identities are removed even after Ctrl-C or an error. Use a test account.',
    )
    .requiredOption('--account <id>', 'the account in which to try it, twelve digits')
    .option('--confirm <id>', "the account's id once more, instead of typing it at a terminal")
    .option('--region <name>', 'a region; the first is that of STS calls; may be repeated', collect)
    .option('--profile <name>', 'a profile of the AWS configuration files')
    .option('--only <id>', 'a probe to run; may be repeated', collect)
    .option('--bucket <name>', 'a bucket of the account, for the probe about prefixes; nothing in it is read')
    .option('--table <name>', 'a DynamoDB table of the account without a sort key, for the probe about leading keys')
    .option('--table-key <name>', 'with --table: its partition key, a string')
    .addOption(
      new Option(
        '--clean',
        'remove what runs left at the path, also what a run in progress uses, and try nothing',
      ).conflicts(['only', 'bucket', 'table']),
    )
    .addOption(
      new Option('--policy', 'print the least-privilege policy for running it, and try nothing').conflicts('clean'),
    )
    .option('--json', 'the report as JSON instead of Markdown')
    .option('--out <folder>', 'also write the report to conformance.md and conformance.json in this folder')
    .action(shell.ends((options: Options) => run(options, shell)));
  explainHelp(command, {
    examples: [
      [
        'leasehold conformance --account 123456789012 --profile admin > report.md',
        'at a terminal, which asks for the id',
      ],
      ['leasehold conformance --account 123456789012 --only mfa-on-assume-role', 'one probe'],
      ['leasehold conformance --account 123456789012 --clean', 'after a run that was killed'],
      ['leasehold conformance --account 123456789012 --policy > conformance.json', 'the policy that it needs'],
    ],
    exits: {
      0: 'everything that was tried holds, and nothing is left',
      1: 'an assumption is violated or not decided, the run was interrupted, or something is left',
    },
    details: DETAILS,
  });
}

async function run(options: Options, shell: Shell): Promise<ExitCode> {
  const { host } = shell;
  const { account } = options;
  if (!/^\d{12}$/.test(account)) {
    throw new UsageError(`--account ${onOneLine(account)}: this is not an account id`, {
      expected: 'twelve digits',
      hint: 'Write the id of the account.',
    });
  }
  if ((options.table === undefined) !== (options.tableKey === undefined)) {
    throw new UsageError('--table and --table-key belong together', { hint: 'Give both, or none.' });
  }
  const { bucket, table: name, tableKey: key } = options;
  const table = name === undefined || key === undefined ? undefined : { name, key };
  const regions = regionsOf(options.region, host);
  demandNames({ regions, bucket, table });
  if (options.policy) {
    host.out(jsonText(conformancePolicy(account, partitionOf(regions[0]))));
    return EXIT.fine;
  }
  const known = { noun: 'probe', known: probes.map(({ id }) => id), page: 'docs/conformance.md' };
  const only = options.only === undefined ? undefined : knownIds('--only', options.only, known);
  if (!(await isConfirmed(options, shell))) {
    host.err('Nothing was done.\n');
    return EXIT.findings;
  }
  const where = accountOptions({ account, regions, ...defined({ profile: options.profile }) }, host);
  if (options.clean) return clean(where, shell);
  const progress = progressLine(host);
  const report = await interruptible(host, (signal) =>
    conform({
      ...where,
      ...defined({ only, bucket, table, federation: federationOf(regions[0], host) }),
      signal,
      onStep: progress.show,
    }),
  ).finally(progress.end);
  return reported(report, options, shell);
}

/** @throws UsageError */
function demandNames(names: Parameters<typeof nameFault>[0]): void {
  const fault = nameFault(names);
  if (fault === undefined) return;
  throw new UsageError(`--${fault.option} ${onOneLine(fault.value)} cannot be used`, {
    expected: fault.expected,
    hint: `Correct --${fault.option}${fault.option === 'region' ? ', or AWS_REGION' : ''}.`,
  });
}

function reported(report: ConformanceReport, { json, out }: Options, { host }: Shell): ExitCode {
  const texts = { 'conformance.md': reportMarkdown(report), 'conformance.json': jsonText(reportJson(report)) };
  host.out(texts[json ? 'conformance.json' : 'conformance.md']);
  if (out !== undefined) {
    const folder = resolve(host.cwd, out);
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, name), text);
  }
  if (report.otherHosts.length > 0)
    host.err(`note: ${notOfAws(report.otherHosts)} The report states nothing about AWS.\n`);
  return isConformant(report) ? EXIT.fine : EXIT.findings;
}

function notOfAws(hosts: readonly string[]): string {
  return `Calls went to ${onOneLine(hosts.join(', '))}, not to AWS.`;
}

async function clean(where: Parameters<typeof cleanProbes>[0], { host }: Shell): Promise<ExitCode> {
  const { removed, left, foreign, otherHosts } = await cleanProbes(where);
  if (otherHosts.length > 0) host.out(`${notOfAws(otherHosts)} This states nothing about AWS.\n`);
  host.out(
    removed.length === 0
      ? 'No run left anything.\n'
      : `Removed:\n${removed.map((each) => `  ${onOneLine(each)}\n`).join('')}`,
  );
  for (const each of foreign)
    host.err(`note: ${onOneLine(each)} is at ${PROBE_PATH}, but no run gave that name: it stays\n`);
  for (const { kind, name, why } of left) host.err(`error: ${kind} ${onOneLine(name)} is left: ${onOneLine(why)}\n`);
  return left.length === 0 ? EXIT.fine : EXIT.findings;
}

/** Whether the person confirms the account by typing its id at a terminal or passing it with `--confirm`. */
async function isConfirmed({ account, confirm, clean: removes }: Options, shell: Shell): Promise<boolean> {
  if (confirm !== undefined) {
    if (confirm === account) return true;
    throw new UsageError(`--confirm ${onOneLine(confirm)} is not the account ${account}`, {
      hint: 'Write the same id twice.',
    });
  }
  demandTerminal(shell, '--confirm ACCOUNT');
  const what = removes
    ? `This command removes everything that earlier runs left at ${PROBE_PATH} in account ${account}, including resources that a run in progress is using.`
    : `This command creates IAM users with keys, roles, policies and MFA devices at ${PROBE_PATH} in account ${account}, and removes them at the end.`;
  const { signal } = new AbortController();
  return (await typed(`${what} Type the account id to go on: `, shell, signal))?.trim() === account;
}

const DETAILS = `The command finds credentials in the same way as every AWS SDK. The credentials must belong to the account. [Conformance](conformance.md) describes each probe,
what it creates, and what a report means. \`--json\` prints one object; \`version\` changes when a field is removed or changes its meaning, not when a field is added.

| field | content |
| --- | --- |
| \`version\`, \`account\`, \`regions\`, \`run\`, \`startedAt\`, \`endedAt\`, \`interrupted\` | 1, and what was run |
| \`otherHosts\` | hosts that answered and are not AWS's: then the report states nothing about AWS |
| \`probes[]\` | \`id\`, \`topic\`, \`assumption\`, \`tried\`, \`verdict\` (\`holds\`, \`violated\`, \`not decided\`, \`not run\`), \`because\`, \`measured\`, \`consequence\`, \`change\`, \`alternative\` |
| \`probes[].answers[]\` | \`call\`, \`what\`, \`region\`, \`outcome\` (\`allowed\`, \`denied\`, \`refused\`, \`no answer\`), \`code\`, \`message\`, \`requestId\` |
| \`left[]\` | \`kind\`, \`name\` and \`why\` of what could not be removed |
| \`summary\` | numbers of each verdict |`;
