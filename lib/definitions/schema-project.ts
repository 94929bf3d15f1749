/** The schema of `kind: Project`. */
import * as z from 'zod';
import { approval } from './schema-approval';
import { hours } from './schema-hours';
import {
  documented,
  list,
  mapping,
  name,
  named,
  oneOf,
  personName,
  region,
  say,
  sentence,
  template,
  untilDay,
  waivers,
} from './schema-parts';
import { statements } from './schema-statements';

const IDENTITY_TYPES = [
  'iam-user',
  'ec2',
  'ecs-task',
  'lambda',
  'eks-irsa',
  'eks-pod-identity',
  'github-oidc',
  'roles-anywhere',
  'existing-role',
] as const;

/** The source of an agent's base identity. */
const identity = z.discriminatedUnion(
  'type',
  [
    bare('iam-user', "An IAM user under `/agents/`: the only identity that can present a human's MFA code."),
    bare('ec2', 'An EC2 instance, by its instance profile.'),
    bare('ecs-task', 'An ECS task, by its task role.'),
    bare('lambda', 'A Lambda function, by its execution role.'),
    workload('eks-irsa', 'A Kubernetes service account, identified by an OIDC token (IRSA).', {
      issuer: documented(template, 'OIDC issuer of the cluster, without `https://`. Required.', {
        examples: ['oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF'],
      }),
      namespace: documented(template, 'Kubernetes namespace of the service account. Required.'),
      serviceAccount: documented(template, 'Name of the service account. Required.'),
    }),
    workload('eks-pod-identity', 'A Kubernetes service account, identified through EKS Pod Identity.', {
      cluster: documented(template, 'Name of the EKS cluster. Required.'),
      namespace: documented(template, 'Kubernetes namespace of the service account. Required.'),
      serviceAccount: documented(template, 'Name of the service account. Required.'),
    }),
    workload('github-oidc', 'A GitHub Actions workflow, identified by its OIDC token.', {
      repository: documented(
        template,
        'The repository, `org/repo`, or with the ids of newer tokens, `org@123/repo@456`, which accepts both forms of the subject. Required.',
        { examples: ['acme/shop', 'acme@123/shop@456'] },
      ),
      subject: documented(
        template,
        "Text after the repository in the token's `sub`: `ref:refs/heads/…`, `ref:refs/tags/…`, `environment:…` or `pull_request`. No wildcards. Required.",
        { examples: ['ref:refs/heads/main', 'environment:prod'] },
      ),
    }),
    workload('roles-anywhere', 'A machine outside AWS, identified by a certificate (IAM Roles Anywhere).', {
      trustAnchorArn: documented(template, 'ARN of the trust anchor. Required.'),
      commonName: documented(template, 'Common name (CN) of the certificate. Required.'),
    }),
    workload('existing-role', 'An existing IAM role that Leasehold does not manage.', {
      roleArn: documented(template, 'ARN of the role. Required.'),
    }),
  ],
  say(`one of ${IDENTITY_TYPES.map((type) => `\`${type}\``).join(', ')}`, 'Write one of them as `type`.'),
);

const agents = (sentenceOfKey: string) =>
  documented(
    named(
      name,
      mapping(
        {
          identity: documented(
            identity,
            "The agent's base identity, from which it gets its first credentials. Required.",
          ),
        },
        'an agent: `{ identity: { type: … } }`',
      ),
      'agents by name',
    ),
    sentenceOfKey,
  );

const backend = (sentenceOfKey: string) =>
  documented(
    z.discriminatedUnion(
      'type',
      [
        mapping({ type: z.literal('local') }, 'a backend').meta({
          description: 'A file beside the synthesized stack.',
        }),
        mapping(
          {
            type: z.literal('s3'),
            bucket: documented(template, 'S3 bucket for the Terraform state. Templates are supported. Required.'),
            key: documented(
              template,
              'Key of the state in the bucket. Templates are supported. Default: `leasehold/<project>-<environment>.tfstate`.',
            ),
            region: documented(
              template,
              "Region of the bucket. Templates are supported. Default: the environment's region.",
            ),
            kmsKeyId: documented(
              template,
              "KMS key that encrypts the state. Templates are supported. Default: the bucket's own encryption.",
            ),
          },
          'a backend',
        )
          .partial({ key: true, region: true, kmsKeyId: true })
          .meta({ description: "An S3 bucket, with Terraform's native lock file." }),
      ],
      say('a backend: `{ type: local }` or `{ type: s3, bucket: … }`', 'Write `local` or `s3` as `type`.'),
    ),
    sentenceOfKey,
    { default: { type: 'local' } },
  );

const alerts = (sentenceOfKey: string) =>
  documented(
    mapping(
      {
        trail: documented(
          template,
          '`create` for a new multi-region trail, or the ARN of an existing one. Without a trail, no alert is sent. Templates are supported. Required.',
        ),
        emails: documented(
          list(
            z
              .string(say('an e-mail address', 'Write an address.'))
              .regex(
                /^[^\s@]+@[^\s@]+\.[^\s@]+$/,
                say('an e-mail address', 'Write an address, for example `oncall@example.com`.'),
              ),
            'a list of e-mail addresses',
          ),
          'E-mail addresses that get the alerts. The owner of each address must confirm the subscription by e-mail. Default: none.',
        ).optional(),
        hours: hours(
          'Working hours, as whole hours in UTC. A lease outside these hours raises an alert. Default: all hours.',
        ).optional(),
      },
      'alerts: `{ trail: create, emails: […] }`',
    ),
    sentenceOfKey,
  );

const ACCOUNT = 'twelve digits in quotes, for example `"123456789012"`';

const mfa = (sentenceOfKey: string) =>
  documented(
    mapping(
      {
        oneCodeOneLease: documented(
          oneOf(['token-issue-time', 'code-age']),
          '`token-issue-time`: the call needs a long-term key and its own code. `code-age`: the code was used at most a minute ago, also for GetSessionToken; only if conformance shows that the former opens no lease. Required.',
        ),
      },
      'how one code is limited: `{ oneCodeOneLease: token-issue-time }`',
    ),
    sentenceOfKey,
  );

const environment = mapping(
  {
    account: documented(
      z
        .string(
          say(
            ACCOUNT,
            'Put the twelve digits in quotes. Without quotes, YAML parses the value as a number and drops leading zeros.',
          ),
        )
        .regex(/^[0-9]{12}$/, say(ACCOUNT, "Write all twelve digits of the account's id.")),
      'The AWS account, twelve digits in quotes. The stack cannot be applied to another account. Required.',
      { examples: ['123456789012'] },
    ),
    region: documented(region, 'The AWS region. Required.', { examples: ['eu-west-1'] }),
    partition: documented(
      oneOf(['aws', 'aws-cn', 'aws-us-gov']),
      "The AWS partition. Default: the region's.",
    ).optional(),
    variables: documented(
      named(
        z
          .string()
          .regex(
            /^[A-Za-z][A-Za-z0-9_-]{0,63}$/,
            say('letters, digits, `_` and `-`, beginning with a letter, at most 64 characters', 'Rename it.'),
          ),
        z
          .string(say('a text', 'Put the value in quotes.'))
          .regex(
            /^(?=.{1,1024}$)(?!.*\$\{)\S(?:[^\n\t]*\S)?$/u,
            say(
              'a text of one line, 1 to 1,024 characters, without `${` and without spaces around it',
              'Write a literal value, because a variable cannot contain another variable.',
            ),
          ),
        'variables by name',
      ),
      'Texts that differ between environments, used as `${var.name}`. Default: none.',
    ).optional(),
    production: documented(
      z.boolean(say('`true` or `false`', 'Write `true` if people depend on it.')),
      'Whether people depend on this environment: a write that opens without a human and without MFA is an error here. Default: `true` for `prod`, `production`, `live` and names that begin with `prod-`, else `false`.',
    ).optional(),
    approval: approval({
      fewest: 1,
      humans:
        'Number of humans whose approval the broker needs to open a role, 1 to 8; only a role can set 0. A role with `gate: mfa` always needs one human with one code. Required.',
      window: 'Time in which they can answer, from `1m` to `24h`. Default: `30m`.',
      approval:
        "How many humans the broker asks here, if a role does not set it. Default: the broker's `approval`, else `{ humans: 1, window: 30m }`.",
    }).optional(),
    mfa: mfa("How trust policies limit what one MFA code opens here. Default: the project's `mfa`.").optional(),
    agents: agents("Agents whose identity differs here. Default: the project's identities.").optional(),
    backend: backend("Where Terraform keeps this environment's state. Default: the project's backend.").optional(),
    alerts: alerts("Who is notified when something unusual happens here. Default: the project's alerts.").optional(),
  },
  'an environment: `{ account: "123456789012", region: eu-west-1 }`',
);

const ROLE_ARN = 'the ARN of one role, for example `arn:aws:iam::${env.account}:role/shop-task`';

const external = mapping(
  {
    arn: documented(
      z.string(say(ROLE_ARN, 'Write its ARN.')).regex(/^\S{1,2048}$/, say(ROLE_ARN, 'Write its ARN.')),
      'ARN of the role, without wildcards. Templates are supported. Required.',
    ),
    may: documented(
      z.union(
        [
          statements(
            '`may` contains statements in the same form as `allow` of a role.',
            'IAM conditions: operator → condition key → value or values. Templates are supported in values. Default: none.',
          ),
          z.literal('administrator', say('statements, or `administrator`', 'Write statements, or `administrator`.')),
        ],
        say('statements, or `administrator`', 'Write statements as under `allow` of a role.'),
      ),
      'The maximum that the role can do, which approvers see: statements as under `allow`, or `administrator`. Required.',
    ),
  },
  'a role: `{ arn: …, may: [{ actions: …, resources: … }] }`',
);

/** The document that defines where roles are deployed, who may use the roles, and who approves requests. */
export const projectSchema = mapping(
  {
    kind: documented(
      z.literal('Project'),
      '`Project`: where roles are deployed, for which agents, and who approves. Required.',
    ),
    name: documented(name, 'Prefix of every physical name: `hermes` gives `hermes-dev-s3-deploy`. Required.'),
    description: documented(sentence, 'One sentence that states the purpose of the project. Default: none.').optional(),
    environments: documented(
      named(name, environment, 'environments by name').refine(
        (environments) => Object.keys(environments).length > 0,
        say('at least one environment', 'Add an environment with its account and region.'),
      ),
      'The environments; each is deployed as one stack: `dev` of project `hermes` is the stack `hermes-dev`. Required.',
    ),
    agents: agents('The AI workloads that may request leases. Required.').refine(
      (all) => Object.keys(all).length > 0,
      say('at least one agent', 'Add an agent, for example `agent: { identity: { type: iam-user } }`.'),
    ),
    approvers: documented(
      list(personName, 'a list of at most 8 names').max(
        8,
        say(
          'at most 8 names, because IAM gives a user at most 8 MFA devices',
          'Keep 8 or fewer.',
          'has more than 8 names',
        ),
      ),
      "People who approve by MFA, at most 8; each has one device enrolled on every agent's user. Default: none.",
    ).optional(),
    mfa: mfa(
      'How trust policies limit what one MFA code opens. Default: `{ oneCodeOneLease: token-issue-time }`.',
    ).optional(),
    backend: backend('Where Terraform keeps its state. Default: `{ type: local }`.').optional(),
    alerts: alerts('The recipients of alerts about unusual events. Default: no alerts.').optional(),
    external: documented(
      named(name, external, 'roles by name'),
      'Roles outside Leasehold that roles of this project may pass or assume. Each entry states the maximum permissions of its role. Default: none.',
    ).optional(),
    mixedAccess: documented(
      list(
        mapping(
          {
            role: documented(name, 'Name of the role, which declares `access: [write, delete]`. Required.'),
            because: documented(
              sentence,
              'The reason why one lease must both write and delete. This reason is printed on every run. Required.',
            ),
            until: documented(
              untilDay(),
              'Last day on which it is valid, `YYYY-MM-DD` in UTC; from the next day on it is an error. Required.',
            ),
          },
          'a role: `{ role: …, because: …, until: 2027-03-31 }`',
        ),
        'a list of roles',
      ),
      'Roles whose leases may both write and delete. Default: none.',
    ).optional(),
    waivers: waivers('Guardrails that are waived for the whole project. Default: none.').optional(),
  },
  'a project',
);

/** A project document as written. */
export type ProjectYaml = z.infer<typeof projectSchema>;
/** An environment as written. */
export type EnvironmentYaml = z.infer<typeof environment>;
/** A role outside Leasehold as written. */
export type ExternalYaml = z.infer<typeof external>;
/** An identity as written. */
export type IdentityYaml = z.infer<typeof identity>;
/** A backend as written. */
export type BackendYaml = NonNullable<ProjectYaml['backend']>;
/** Alerts as written. */
export type AlertsYaml = NonNullable<ProjectYaml['alerts']>;

function bare<T extends string>(type: T, sentenceOfType: string) {
  return mapping({ type: z.literal(type) }, 'an identity').meta({ description: sentenceOfType });
}

function workload<T extends string, S extends z.ZodRawShape>(type: T, sentenceOfType: string, shape: S) {
  return mapping({ type: z.literal(type), ...shape }, 'an identity').meta({ description: sentenceOfType });
}
