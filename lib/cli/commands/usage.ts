/**
 * `leasehold usage`: reports which of a role's permissions the role's leases used, according to CloudTrail, and
 * proposes narrower roles.
 */
import { type Gathered, type Proposal, usageJson, usageOf } from '@leasehold/usage';
import { type Command, Option } from 'commander';
import { chooseEnvironments, collect, DEFAULT_PATH, environmentOption, rolesOption } from '../choose';
import { EXIT, type ExitCode, UsageError } from '../exit';
import { explainHelp } from '../help';
import { openFiles } from '../project';
import { jsonText } from '../render/json';
import { renderUsage } from '../render/usage';
import { renderProposal } from '../render/usage-proposal';
import type { Shell } from '../shell';
import { claimOptions, gathered, leaseRecords, proposal, type SourceOptions, windowOf, writeProposal } from '../usage';

interface Options extends SourceOptions {
  readonly env?: readonly string[];
  readonly roles?: readonly string[];
  readonly role?: string;
  readonly leases?: boolean;
  readonly propose?: boolean;
  readonly write?: boolean;
  readonly json?: boolean;
}

export function usage(command: Command, shell: Shell): void {
  command
    .description(
      'Shows for each role how often it was requested, granted, used and denied, and which actions and resources of ' +
        'its definition were never used. With --propose, it proposes narrower roles, and proves that each of them permits nothing beyond the ' +
        'old role. It only reads. What CloudTrail may not have recorded is reported as "unknown", never as "unused".',
    )
    .addOption(
      new Option('--events <place>', 'trail files: a folder, a file, or s3://BUCKET/PREFIX; may be repeated').argParser(
        collect,
      ),
    )
    .option('--lookup', 'read the event history of CloudTrail: management events of the last 90 days')
    .addOption(
      new Option(
        '--lake <folder>',
        'results of queries of CloudTrail Lake: a folder with result_1.csv.gz, or with the output of ' +
          '`aws cloudtrail get-query-results`; may be repeated',
      ).argParser(collect),
    )
    .addOption(new Option('--sandbox <file>', 'a log of `leasehold sandbox --log`; may be repeated').argParser(collect))
    .addOption(
      new Option(
        '--records <file>',
        "the broker's records, from `leasehold audit --role NAME --export`; may be repeated",
      ).argParser(collect),
    )
    .addOption(
      new Option(
        '--selectors <file>',
        'what a trail or an event data store records: the output of `aws cloudtrail get-event-selectors`, ' +
          '`get-event-data-store` or `get-trail`; may be repeated',
      ).argParser(collect),
    )
    .addOption(environmentOption())
    .addOption(rolesOption())
    .option('--role <name>', 'show only this role')
    .option('--since <day>', 'only events from this day on, YYYY-MM-DD in UTC')
    .option('--until <day>', 'only events before this day')
    .addOption(
      new Option(
        '--region <name>',
        'a further region to look up, and the region of the bucket; may be repeated',
      ).argParser(collect),
    )
    .option('--only-these-regions', 'leases act only in the regions whose events are read')
    .option('--profile <name>', 'a profile of the AWS configuration files')
    .option('--state <file>', 'keep the progress in this file, and continue from it')
    .option('--leases', 'also list the leases')
    .option('--propose', 'propose narrower roles, as a diff of the definitions')
    .addOption(new Option('--write', 'with --propose: change the definitions').implies({ propose: true }))
    .option('--json', 'the results as JSON')
    .action(shell.ends((options: Options) => run(options, shell)));
  explainHelp(command, {
    examples: [
      ['leasehold usage --events trail/', 'from files that were copied from the bucket of a trail'],
      ['leasehold usage --env dev --lookup --since 2026-11-01', 'from the event history of the account'],
      ['leasehold usage --events s3://org-trail/AWSLogs --state usage.json', 'from a bucket, resumable'],
      ['leasehold usage --lake results/ --selectors store.json', 'from query results of CloudTrail Lake'],
      ['leasehold usage --sandbox calls.jsonl --propose', 'narrower roles, from the log of a sandbox'],
    ],
    exits: {
      0: 'everything was read',
      1: 'a part could not be read, so that nothing is reported as unused; or a proposed change was refused',
    },
    details: DETAILS,
  });
}

async function run(options: Options, shell: Shell): Promise<ExitCode> {
  const paths = options.roles ?? [DEFAULT_PATH];
  if ((options.events ?? options.lake ?? options.sandbox) === undefined && !options.lookup) {
    throw new UsageError('no source of events is named', {
      expected: '--events PLACE, --lookup, --lake FOLDER or --sandbox FILE',
      hint: 'Add one of them.',
    });
  }
  const window = windowOf(options);
  const project = openFiles(paths, shell);
  if (project === undefined) return EXIT.findings;
  const environments = chooseEnvironments(project.definitions, options.env);
  const claims = claimOptions(options, shell);
  const records = leaseRecords(options.records ?? [], shell);
  const found = await gathered(environments, options, window, shell);
  const all = usageOf(found, claims);
  const shown = options.role === undefined ? all : all.filter(({ of }) => of.role.name === options.role);
  if (shown.length === 0) {
    throw new UsageError(`no chosen environment has the role "${options.role ?? ''}"`, {
      hint: '`leasehold can` lists the roles.',
    });
  }
  const proposed = options.propose ? await proposal(shown, project, shell) : undefined;
  const { host, out } = shell;
  if (options.json) {
    const json = { ...usageJson(found, shown, records), ...(proposed ? { proposal: proposed } : {}) };
    host.out(jsonText(json));
  } else {
    host.out(
      renderUsage(found, shown, records, { paint: out, columns: host.outColumns, leases: options.leases === true }),
    );
    if (proposed) host.out(renderProposal(proposed, shown, out, host.outColumns));
  }
  if (proposed && options.write) writeProposal(proposed, shell);
  return isWhole(found, records.broken, proposed) ? EXIT.fine : EXIT.findings;
}

function isWhole(found: Gathered, broken: readonly string[], proposed: Proposal | undefined): boolean {
  return found.complete && found.problemCount === 0 && broken.length === 0 && (proposed?.refused.length ?? 0) === 0;
}

const DETAILS = `[Usage](usage.md) describes what is counted, what is claimed, and what is not. \`--json\` prints one object; \`version\` changes
when a field is removed or changes its meaning, not when a field is added.

| field | content |
| --- | --- |
| \`version\`, \`complete\` | 1, and whether all sources were read |
| \`coverage[]\` | for each account: numbers of records, \`from\`, \`to\`, \`regions\`, \`sources\`, \`daysWithoutRecords\` |
| \`problems[]\` | \`kind\`, \`place\`, \`message\`: what was not read |
| \`roles[]\` | \`environment\`, \`role\`, \`asked\`, \`granted\`, \`refused\`, \`calls\`, \`deniedCalls\` |
| \`roles[].actions[]\`, \`roles[].resources[]\` | \`text\`, \`at\`, \`status\` (\`used\`, \`unused\`, \`unknown\`), \`why\`, \`calls\`, \`first\`, \`last\`, \`samples\` |
| \`roles[].denials[]\` | \`action\`, \`resource\`, \`how\`, \`calls\`, \`leases\`, \`leasesThatWorkedOtherwise\` |
| \`roles[].leases[]\` | \`lease\`, \`granted\`, \`reason\`, \`requester\`, \`approvedBy\`, \`calls\`, \`deniedCalls\`, \`actions\` |
| \`proposal\` | with \`--propose\`: \`files[].diff\`, \`removed\`, \`kept\`, \`refused\`, \`proven\`, \`idle\`, \`warnings\` |`;
