/**
 * `leasehold explain <role> <action> <resource>`: explains whether a lease would be issued, whether the lease permits
 * the action, and why.
 */
import { contextKeysRead, explainLease, type HypotheticalLease, type LeaseExplanation } from '@leasehold/documents';
import type { Command } from 'commander';
import { chooseAsker, chooseEnvironment, chooseRole, collect, DEFAULT_PATH, rolesOption } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { openProject } from '../project';
import { demandUsed, readAsked, readContext, readParameters } from '../question';
import { jsonText } from '../render/json';
import { explanationJson, renderExplanation } from '../render/verdict';
import type { Shell } from '../shell';

interface Options {
  readonly env?: string;
  readonly as?: string;
  readonly param?: readonly string[];
  readonly context?: readonly string[];
  readonly trust?: boolean;
  readonly mfa: boolean;
  readonly json?: boolean;
  readonly roles?: readonly string[];
}

export function explain(command: Command, shell: Shell): void {
  command
    .description(
      'Shows whether a lease of a role could be opened, whether the role permits an action on a resource, and why, statement ' +
        'by statement. The command evaluates the documents that are deployed: the trust policies, the policies and the ' +
        'boundaries.',
    )
    .argument('<role>', 'the role')
    .argument('[action]', 'the action, for example s3:PutObject; required without --trust')
    .argument('[resource]', 'the ARN of the resource, or *; required without --trust')
    .option('--env <name>', 'the environment; required if the project has several')
    .option('--as <agent>', 'the agent or person that requests the lease; required if the role has several')
    .option('--param <name=value>', 'the value of a parameter; may be repeated', collect)
    .option(
      '--context <key=value>',
      'a context key of the request; repeat it for a list; without a value the key is absent',
      collect,
    )
    .option('--trust', 'show only whether the lease would open')
    .option('--no-mfa', "evaluate the call without an approver's code")
    .option('--json', 'the verdicts as JSON, with every statement')
    .addOption(rolesOption())
    .action(
      shell.ends(async (name: string, action: string | undefined, resource: string | undefined, options: Options) => {
        const definitions = openProject(options.roles ?? [DEFAULT_PATH], shell);
        if (!definitions) return EXIT.findings;
        const environment = chooseEnvironment(definitions, options.env);
        const role = chooseRole(environment, name);
        const asker = chooseAsker(environment, role, options.as);
        const answer = (lease: HypotheticalLease, explained: LeaseExplanation) => {
          shell.host.out(
            options.json
              ? jsonText(explanationJson(lease, explained))
              : renderExplanation(lease, explained, shell.out, shell.host.outColumns),
          );
          return explained.allowed ? EXIT.fine : EXIT.findings;
        };
        const bare = { role, environment, agent: asker };
        const atAll = await explainLease(bare);
        // If the caller may not request the role, this answer comes first, regardless of what else is missing.
        if (!atAll.eligible) return answer(bare, atAll);
        const lease = {
          ...bare,
          parameters: readParameters(role, options.param, shell),
          mfa: options.mfa,
          context: readContext(options.context),
        };
        demandUsed(lease.context, contextKeysRead(lease, options.trust !== true));
        const asked = options.trust ? undefined : await readAsked(action, resource);
        return answer(lease, await explainLease(lease, asked));
      }),
    );
  explainHelp(command, {
    examples: [
      [
        'leasehold explain s3-deploy s3:PutObject arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js --env dev --param release=1.4.2',
        'may the lease do it, and why',
      ],
      [
        'leasehold explain s3-deploy --trust --no-mfa --env dev --param release=1.4.2',
        'would the lease open without a code',
      ],
    ],
    exits: {
      0: 'the lease would open and the request is allowed',
      1: 'one of them is denied, the requester is not eligible, or the definitions cannot be read',
    },
  });
}
