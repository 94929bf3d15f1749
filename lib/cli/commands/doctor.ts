/** `leasehold doctor`: verifies that the live account matches the definitions, or verifies this machine. */
import {
  type Diagnosis,
  diagnosisJson,
  diagnosisSarif,
  doctorPolicy,
  isHealthy,
  verifications,
} from '@leasehold/doctor';
import { type Command, Option } from 'commander';
import { chooseEnvironment, collect, DEFAULT_PATH, rolesOption } from '../choose';
import { accountDiagnosis, machineDiagnosis } from '../doctor';
import { goThroughChecklist } from '../doctor-checklist';
import { EXIT, type ExitCode } from '../exit';
import { explainHelp } from '../help';
import { knownIds } from '../known-ids';
import { packageManifest } from '../package-root';
import { plannedCode } from '../planned-code';
import { openProject } from '../project';
import { renderDiagnosis } from '../render/doctor';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options {
  readonly env?: string;
  readonly roles?: readonly string[];
  readonly profile?: string;
  readonly json?: boolean;
  readonly sarif?: boolean;
  readonly policy?: boolean;
  readonly checklist?: boolean;
  readonly skip?: readonly string[];
  readonly here?: boolean;
  readonly key?: string;
}

export function doctor(command: Command, shell: Shell): void {
  command
    .description(
      'Verifies that a live account matches what the definitions deploy: identities, roles, the account and the broker. ' +
        'The command changes nothing. It reports everything that it cannot read as "not checked", never as "ok".',
    )
    .option('--env <name>', 'the environment to verify')
    .addOption(rolesOption())
    .option('--profile <name>', 'a profile of the AWS configuration files')
    .option('--skip <id>', 'a verification that is not run; may be repeated', collect)
    .addOption(
      new Option('--here', 'verify this machine instead, on which an agent runs; needs no definitions').conflicts([
        'env',
        'roles',
        'profile',
        'policy',
      ]),
    )
    .option('--key <id>', "with --here: the id of the agent's own access key, which may be here")
    .addOption(
      new Option('--policy', 'print the least-privilege policy for running it, and verify nothing').conflicts('sarif'),
    )
    .addOption(
      new Option(
        '--checklist',
        'go through the checklist before production: print it with a tick for what is verified, and ask about the rest',
      ).conflicts(['here', 'json', 'sarif', 'policy']),
    )
    .addOption(new Option('--json', 'the results as JSON').conflicts('sarif'))
    .addOption(new Option('--sarif', 'the results as SARIF 2.1.0, for code scanning').conflicts('json'))
    .action(
      shell.ends(async (options: Options) => {
        const known = { noun: 'verification', known: verifications.map(({ id }) => id), page: 'docs/doctor.md' };
        const skip = knownIds('--skip', options.skip ?? [], known);
        if (options.here) return ended(await machineDiagnosis({ skip, key: options.key }, shell), options, shell);
        const definitions = openProject(options.roles ?? [DEFAULT_PATH], shell);
        if (definitions === undefined) return EXIT.findings;
        const environment = chooseEnvironment(definitions, options.env);
        if (options.policy) {
          shell.host.out(jsonText(doctorPolicy(environment)));
          return EXIT.fine;
        }
        const brokerCode = plannedCode(definitions, environment);
        const diagnosis = await accountDiagnosis(environment, { skip, profile: options.profile, brokerCode }, shell);
        if (!options.checklist) return ended(diagnosis, options, shell);
        // The checklist is a document of its own. What is damaged is for the person at the terminal.
        if (!isHealthy(diagnosis)) shell.host.err(renderDiagnosis(diagnosis, shell.out, shell.host.errColumns));
        const { markdown, complete } = await goThroughChecklist(diagnosis, shell);
        shell.host.out(markdown);
        return complete && isHealthy(diagnosis) ? EXIT.fine : EXIT.findings;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold doctor --env dev', 'verify the account of an environment'],
      ['leasehold doctor --env dev --policy > doctor.json', 'the policy that it needs'],
      ['leasehold doctor --env prod --checklist > checklist.md', 'the checklist before production, with its ticks'],
      ['leasehold doctor --here --key AKIAIOSFODNN7EXAMPLE', 'verify the machine of an agent with this key'],
      ['leasehold doctor --env prod --json --skip access-analyzer', 'for a program, without one verification'],
    ],
    exits: {
      0: 'everything was read, and nothing is damaged; with --checklist, every box is ticked too',
      1: 'something is damaged or could not be checked, or a box is open',
    },
    details: DETAILS,
  });
}

function ended(diagnosis: Diagnosis, options: Options, shell: Shell): ExitCode {
  shell.host.out(rendered(diagnosis, options, shell));
  return isHealthy(diagnosis) ? EXIT.fine : EXIT.findings;
}

function rendered(diagnosis: Diagnosis, { json, sarif, roles }: Options, { host, out }: Shell): string {
  if (json) return jsonText(diagnosisJson(diagnosis));
  if (!sarif) return renderDiagnosis(diagnosis, out, host.outColumns);
  const { version, homepage } = packageManifest();
  return jsonText(
    diagnosisSarif(diagnosis, {
      version,
      verifications: verifications.filter(({ id }) => diagnosis.verified.some((each) => each.id === id)),
      file: roles?.[0] ?? DEFAULT_PATH,
      page: (id) => (homepage === undefined ? undefined : new URL(`docs/doctor.md#${id}`, `${homepage}/`).href),
    }),
  );
}

const DETAILS = `The command finds credentials in the same way as every AWS SDK. The credentials must belong to the environment's account. [Doctor](doctor.md) describes each
verification. \`--json\` prints one object; \`version\` changes when a field is removed or changes its meaning, not when a field is added.

| field | content |
| --- | --- |
| \`version\`, \`subject\` | 1, and what was verified |
| \`verifications[]\` | \`id\`, \`part\`, \`title\`, \`result\` (\`ok\`, \`damaged\`, \`not checked\`, \`skipped\`) |
| \`verifications[].damages[]\` | \`severity\` (\`low\`, \`medium\`, \`high\`, \`critical\`), \`place\`, \`message\`, \`hint\` |
| \`verifications[].notChecked[]\` | \`place\`, \`why\`, \`hint\` |
| \`summary\` | numbers of each result, and \`calls\` to AWS |`;
