/** The definitions of the starter project. */

import { type ExternalYaml, externalText } from './external-text';

/** Enables completion and hover texts in editors. The schema file is part of the installed package. */
const modeline = (up: string) =>
  `# yaml-language-server: $schema=${up}node_modules/leasehold/docs/schema/leasehold.schema.json`;

export function projectYaml(
  project: string,
  variables: Readonly<Record<string, string>>,
  external: ExternalYaml,
): string {
  const [first, ...others] = Object.keys(variables);
  const lines = Object.entries(variables).map(([name, value]) => `      ${name}: ${scalar(value)}\n`);
  const block =
    first === undefined ? '' : `    variables: # a role reads a variable as \${var.${first}}\n${lines.join('')}`;
  const other = [first, ...others].map((name) => `${name}: …`).join(', ');
  const prod = first === 'artefact_bucket' ? `{ artefact_bucket: ${project}-prod-artefacts }` : `{ ${other} }`;
  const outside = externalText(external);
  const prodLine = first === undefined ? '' : `  #   variables: ${prod}\n`;
  return `${modeline('../')}
# The project: where it is deployed, for which agents, and who approves.
kind: Project
name: ${project} # prefix of every physical name: ${project}-dev-s3-upload

environments:
  dev:
    account: "111122223333" # the AWS account, twelve digits, in quotes
    region: eu-west-1
${block}  # A second environment is a second Terraform stack, ${project}-prod:
  # prod:
  #   account: "444455556666"
  #   region: eu-west-1
${prodLine}  #   approval: { humans: 2 } # production needs two approvers

agents:
  agent: # becomes the IAM user ${project}-dev-agent, which can ask for leases and do nothing else
    identity: { type: iam-user }

# People whose MFA device is enrolled on the agent's user. Their code opens a lease.
approvers: [oncall]
${outside === '' ? '' : `\n# Roles outside Leasehold, each with the most that it may do. Approvers see this, so write what is true of yours.\n${outside}`}`;
}

/** Returns a YAML scalar that a parser reads back as exactly the given string. */
function scalar(value: string): string {
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

export const ROLE_YAML = `${modeline('../')}
# One role, one kind of task. A lease of it lasts minutes and is opened by a human's MFA code.
kind: Role
name: s3-upload
# One sentence for the human who approves:
purpose: Upload files under one release of the artefact bucket. No reading, no deleting.
access: write # read, write or delete; a role never combines them
gate: mfa # mfa: the agent calls STS itself, with an approver's code
lease: { default: 15m, max: 15m }

# What a lease is narrowed to. The value comes with each request and IAM enforces it.
parameters:
  release:
    pattern: "[a-z0-9][a-z0-9.-]{0,62}"
    description: Release folder, for example 1.4.2

allow:
  - actions: [s3:PutObject]
    # The slash after the parameter matters: without it, a lease for 1.4.2 would reach 1.4.20 as well.
    resources: ["arn:aws:s3:::\${var.artefact_bucket}/\${param.release}/*"]
`;

export function rolesReadme(first: string): string {
  return `# Roles

One file is one role: one kind of task that an agent may do. \`project.yaml\` says where the roles are deployed.

To add a role, copy \`${first}\`, change its name, purpose and permissions, and run:

\`\`\`sh
npx leasehold validate                  # what is wrong with it, and how to fix it
npx leasehold can NAME                  # everything that it can do
npx leasehold explain NAME ACTION ARN   # whether one request is allowed, and why
npx leasehold explain-rule RULE         # the page about a rule that \`validate\` names
npx leasehold init --recipes            # ready roles
\`\`\`
`;
}

export const BROKER_YAML = `${modeline('../../')}
# A broker: a Lambda function that opens roles just in time. It is deployed with the environment's stack.
kind: Broker

# An agent that loops, or that was denied too often, has to wait.
budgets:
  requests: { limit: 60, window: 1h }
  denials: { limit: 10, window: 1h }
`;

export const BROKER_ROLE_YAML = `${modeline('../../')}
# A role that the broker opens. AWS enforces the minutes, and \`leasehold revoke\` ends a lease at its next call.
kind: Role
name: s3-list
purpose: List the files under one release of the artefact bucket. No reading, no writing.
access: read
gate: broker
lease: { default: 5m, max: 15m }
approval: { humans: 1 } # 0: the broker issues the lease without a human

parameters:
  release:
    pattern: "[a-z0-9][a-z0-9.-]{0,62}"
    description: Release folder, for example 1.4.2

allow:
  - actions: [s3:ListBucket]
    resources: ["arn:aws:s3:::\${var.artefact_bucket}"]
    conditions:
      StringLike: { s3:prefix: "\${param.release}/*" }
`;

export const BROKER_README = `# A broker

Copy the two files into \`roles/\` and try them on this machine, without an AWS account:

\`\`\`sh
cp examples/broker/*.yaml roles/
npx leasehold validate
npx leasehold dev          # the broker and a sandbox for AWS, until Ctrl-C
\`\`\`

Before \`cdktf deploy\`, each approver needs an IAM user with an MFA device in the account: IAM refuses a trust policy that
names a user who does not exist. After the first apply, write the manifest again, with the address of the broker:

\`\`\`sh
npx leasehold manifest --env dev --broker-url URL > leasehold.json
npx leasehold leases               # what waits for an approver
npx leasehold approve LEASE
\`\`\`

\`node_modules/leasehold/docs/broker.md\` describes the broker, \`node_modules/leasehold/docs/deploying.md\` its deployment.
`;
