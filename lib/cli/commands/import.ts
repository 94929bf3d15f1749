/** `leasehold import [file]`: converts an IAM policy into roles in YAML that permit no more than the policy. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { onOneLine } from '@leasehold/contract/text';
import { type Definitions, loadDefinitions } from '@leasehold/definitions';
import { iamRegion } from '@leasehold/documents';
import { type Command, Option } from 'commander';
import { collect, DEFAULT_PATH, rolesOption } from '../choose';
import { EXIT, UsageError } from '../exit';
import { gateFor } from '../gate';
import { explainHelp } from '../help';
import { homeOf } from '../import/home';
import { importPolicies } from '../import/import';
import { checkedSource, type ReadSources, readPolicyText } from '../import/read/documents';
import { readRole, roleOfArn } from '../import/read/role';
import { importJson, renderImport } from '../render/import';
import { jsonText } from '../render/json';
import type { Shell } from '../shell';

interface Options {
  readonly roleArn?: string;
  readonly profile?: string;
  readonly name?: string;
  readonly service?: readonly string[];
  readonly split?: boolean;
  readonly gate?: 'mfa' | 'broker';
  readonly account?: string;
  readonly region?: string;
  readonly roles?: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

export function importPolicy(command: Command, shell: Shell): void {
  command
    .description(
      'Writes roles in YAML from an IAM policy: split by access level and service. The command proves that each role permits ' +
        'nothing beyond the policy. Reports on stderr what could not be imported, why, and what to do instead, ' +
        'and which roles permit less than the imported policy. Changes nothing in AWS and overwrites no file.',
    )
    .argument('[file]', 'a policy in JSON or YAML, or the output of `terraform show -json`; - is stdin')
    .option('--role-arn <arn>', 'read the policies and the boundary of this role from its account instead of a file')
    .option('--profile <name>', 'credentials for --role-arn, from the AWS configuration')
    .option('--name <name>', 'the base of the role names (default: the name of the file or of the IAM role)')
    .option('--service <prefix>', 'only actions of this service; may be repeated', collect)
    .option('--split', 'split by access level and service even if the policy is one narrow task')
    .addOption(new Option('--gate <gate>', 'what opens the roles').choices(['mfa', 'broker']))
    .option('--account <id>', "the account of the environment (default: the project's, else the one in the ARNs)")
    .option('--region <region>', "the region of the environment (default: the project's, else the one in the ARNs)")
    .addOption(rolesOption())
    .option('--out <file>', 'write the YAML to a new file instead of stdout')
    .option('--json', 'everything as JSON')
    .action(
      shell.ends(async (file: string | undefined, options: Options) => {
        const { host } = shell;
        const { sources, unread } = await read(file, options, shell);
        const definitions = projectAt(options.roles ?? [DEFAULT_PATH], shell);
        const used = new Set(definitions?.environments.flatMap(({ roles }) => roles.map(({ name }) => name)));
        const from = options.roleArn ?? file ?? '';
        const found = await importPolicies(sources, {
          home: homeOf(sources, accountOf(options), definitions),
          services: options.service && new Set(options.service.map((prefix) => prefix.toLowerCase())),
          split: options.split === true,
          gate: options.gate ?? gateFor(definitions),
          taken: (name) => used.has(name),
          today: host.today,
          head: [`Imported from ${from}. \`leasehold validate\` says what is left to do.`],
        });
        const imported = { ...found, lost: [...unread, ...found.lost] };
        if (options.out !== undefined && imported.yaml !== '') {
          writeFileSync(resolve(host.cwd, options.out), imported.yaml, { flag: 'wx' });
        }
        if (options.json) host.out(jsonText(importJson(imported)));
        else if (options.out === undefined) host.out(imported.yaml);
        host.err(renderImport(imported, from, shell.err));
        return imported.lost.length + imported.left.length > 0 ? EXIT.findings : EXIT.fine;
      }),
    );
  explainHelp(command, {
    examples: [
      ['leasehold import deploy-policy.json --out roles/deploy.yaml', 'a policy in a file'],
      ['terraform show -json | leasehold import - > roles/imported.yaml', 'every role of a Terraform state'],
      ['leasehold import --role-arn arn:aws:iam::123456789012:role/deploy', 'a role of a live account, read only'],
    ],
    exits: {
      0: 'everything was imported; roles may permit less than the policy',
      1: 'something could not be imported; the roles for the rest are written',
    },
  });
}

async function read(file: string | undefined, options: Options, { host }: Shell): Promise<ReadSources> {
  const { roleArn, profile, name, region } = options;
  if ((file === undefined) === (roleArn === undefined)) {
    throw new UsageError(roleArn === undefined ? 'no policy is named' : 'a file and --role-arn are both named', {
      expected: 'a file, or --role-arn',
      hint: 'Name one of them, for example: leasehold import policy.json',
    });
  }
  const found = roleArn === undefined ? fromFile(file ?? '', host.cwd) : { sources: [await live(roleArn)], unread: [] };
  if (name === undefined) return found;
  const [only, ...others] = found.sources;
  // If there are several sources, the given name is a prefix for the names of the sources.
  if (only === undefined || others.length === 0)
    return { ...found, sources: found.sources.map((each) => ({ ...each, name })) };
  return { ...found, sources: found.sources.map((each) => ({ ...each, name: `${name}-${each.name}` })) };

  async function live(arn: string) {
    const { partition } = roleOfArn(arn);
    const { IAMClient } = require('@aws-sdk/client-iam') as typeof import('@aws-sdk/client-iam');
    const at = region ?? host.env.AWS_REGION ?? iamRegion(partition);
    const iam = new IAMClient({ region: at, ...defined({ profile }) });
    return checkedSource(await readRole(arn, iam), arn);
  }
}

function fromFile(file: string, cwd: string): ReadSources {
  return readPolicyText(readFileSync(file === '-' ? 0 : resolve(cwd, file), 'utf8'), file);
}

/** The account in `--role-arn` is the environment's account, unless `--account` names another account. */
function accountOf({ account, region, roleArn }: Options) {
  return { account: account ?? (roleArn === undefined ? undefined : roleOfArn(roleArn).account), region };
}

/** The project for which the roles are imported, if a project exists and can be read. */
function projectAt(paths: readonly string[], { host }: Shell): Definitions | undefined {
  if (!paths.some((path) => existsSync(resolve(host.cwd, path)))) return undefined;
  const { definitions } = loadDefinitions(paths, { cwd: host.cwd });
  if (definitions === undefined) {
    host.err(
      `note: the definitions in ${paths.map(onOneLine).join(', ')} cannot be read; account and region are taken from the policy\n`,
    );
  }
  return definitions;
}
