/** `leasehold explain <role> <action> <resource>`: may a lease do this, would it open at all, and why. */
import { eligibility } from '@leasehold/documents';
import type { Command } from 'commander';
import { chooseAsker, chooseEnvironment, chooseRole, collect, DEFAULT_PATH, rolesOption } from '../choose';
import { EXIT } from '../exit';
import { explainHelp } from '../help';
import { keysUsed, openingVerdicts, sessionVerdict } from '../lease';
import { openProject } from '../project';
import { demandUsed, readAsked, readContext, readParameters } from '../question';
import { jsonText } from '../render/json';
import { type Answers, answersJson, isAllowed, renderAnswers } from '../render/verdict';
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
      'Says whether a lease of a role would open, and whether it may do an action on a resource; and why, statement by ' +
        'statement. The documents asked are those that are deployed: the trust, the policies and the boundaries.',
    )
    .argument('<role>', 'the role')
    .argument('[action]', 'the action, for example s3:PutObject; needed without --trust')
    .argument('[resource]', 'the ARN of the resource, or *; needed without --trust')
    .option('--env <name>', 'the environment; needed where the project has several')
    .option('--as <agent>', 'the agent or the person that asks; needed where the role has several')
    .option('--param <name=value>', 'the value of a parameter; may be repeated', collect)
    .option('--context <key=value>', 'a context key of the request that a document reads; repeated, a list; with no value, none', collect)
    .option('--trust', 'only whether the lease would open')
    .option('--no-mfa', "as if no approver's code came with the call")
    .option('--json', 'the verdicts as JSON, with every statement')
    .addOption(rolesOption())
    .action(
      shell.ends(async (name: string, action: string | undefined, resource: string | undefined, options: Options) => {
        const definitions = openProject(options.roles ?? [DEFAULT_PATH], shell);
        if (!definitions) return EXIT.findings;
        const environment = chooseEnvironment(definitions, options.env);
        const role = chooseRole(environment, name);
        const asker = chooseAsker(environment, role, options.as);
        const asking = eligibility(role, asker.name, environment);
        const isAgent = environment.agents.some((agent) => agent.name === asker.name);
        // Of a role that a code opens, the trust itself says who may not.
        if (asking?.eligible === false && (role.gates.includes('broker') || !isAgent)) {
          const { because } = asking;
          shell.host.out(
            options.json ? jsonText({ version: 1, allowed: false, eligible: false, because }) : `no   ${because}\n`,
          );
          return EXIT.findings;
        }
        const lease = {
          role,
          environment,
          agent: asker,
          parameters: readParameters(role, options.param, shell),
          mfa: options.mfa,
          context: readContext(options.context),
        };
        demandUsed(lease.context, keysUsed(lease, options.trust !== true));
        const asked = options.trust ? undefined : await readAsked(action, resource);
        const answers: Answers = {
          lease,
          opening: openingVerdicts(lease),
          request: asked && sessionVerdict(lease, asked.action, asked.resource),
          works: asked?.works ?? true,
        };
        shell.host.out(
          options.json ? jsonText(answersJson(answers)) : renderAnswers(answers, shell.out, shell.host.outColumns),
        );
        return isAllowed(answers) ? EXIT.fine : EXIT.findings;
      }),
    );
  explainHelp(command, {
    examples: [
      [
        'leasehold explain s3-deploy s3:PutObject arn:aws:s3:::hermes-dev-deploy/1.4.2/app.js --env dev --param release=1.4.2',
        'may it, and why',
      ],
      ['leasehold explain s3-deploy --trust --no-mfa --env dev --param release=1.4.2', 'would it open without a code'],
    ],
    exits: {
      0: 'the lease opens and the request is allowed',
      1: 'one of them is denied, whoever asks is not eligible, or the definitions cannot be read',
    },
  });
}
