/** The files of a starter project. Data: nothing here decides. */

export interface StarterFile {
  /** Relative to the project's folder, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface StarterOptions {
  /** Name of the project: lower-case letters, digits and hyphens. */
  readonly project: string;
  /** What `package.json` names as the version of Leasehold: a range, or `file:` and a folder. */
  readonly leasehold: string;
  /** Definitions beside `project.yaml`. @default one role that uploads to S3 */
  readonly definitions?: readonly StarterFile[];
  /** Variables of the environment, each with an example. @default those of the one role */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Every file of the starter project, sorted by path. */
export function starterFiles({ project, leasehold, ...options }: StarterOptions): readonly StarterFile[] {
  const {
    definitions = [{ path: 'roles/s3-upload.yaml', text: ROLE_YAML }],
    variables = { artefact_bucket: `${project}-dev-artefacts` },
  } = options;
  const [first] = definitions;
  const files = [
    { path: '.gitignore', text: GITIGNORE },
    { path: 'README.md', text: readme(project) },
    { path: 'cdktf.json', text: json(cdktf(project)) },
    { path: 'package.json', text: json(packageJson(project, leasehold)) },
    { path: 'roles/README.md', text: rolesReadme(first?.path.replace('roles/', '') ?? '') },
    { path: 'roles/project.yaml', text: projectYaml(project, variables) },
    ...definitions,
  ];
  return files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

function json(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

function cdktf(project: string) {
  return {
    language: 'typescript',
    // Without `--no`, npx would fetch whatever the registry holds under the name when Leasehold is not installed.
    app: 'npx --no leasehold synth',
    projectId: project,
    sendCrashReports: 'false',
    terraformProviders: [],
    terraformModules: [],
    context: {},
  };
}

function packageJson(project: string, leasehold: string) {
  return {
    name: project,
    private: true,
    scripts: { validate: 'leasehold validate', synth: 'leasehold synth', diff: 'cdktf diff', deploy: 'cdktf deploy' },
    devDependencies: { 'cdktf-cli': '^0.21.0', leasehold },
  };
}

const GITIGNORE = `node_modules/
cdktf.out/
.terraform/
*.tfstate
*.tfstate.backup
`;

function projectYaml(project: string, variables: Readonly<Record<string, string>>): string {
  const names = Object.keys(variables);
  const [first] = names;
  const lines = Object.entries(variables).map(([name, value]) => `      ${name}: ${scalar(value)}\n`);
  const block =
    first === undefined ? '' : `    variables: # \${var.${first}} in a role stands for this\n${lines.join('')}`;
  const other = names.map((name) => `${name}: …`).join(', ');
  const prod = first === 'artefact_bucket' ? `{ artefact_bucket: ${project}-prod-artefacts }` : `{ ${other} }`;
  const prodLine = first === undefined ? '' : `  #   variables: ${prod}\n`;
  return `${MODELINE}
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
${prodLine}  #   approval: { humans: 2 } # production is louder than development

agents:
  agent: # becomes the IAM user ${project}-dev-agent, which can ask for leases and nothing else
    identity: { type: iam-user }

# People whose MFA device is enrolled on the agent's user; their code opens a lease.
approvers: [oncall]
`;
}

/** A value that YAML reads as the text that it is. */
function scalar(value: string): string {
  return /^[A-Za-z][A-Za-z0-9._/-]*$/.test(value) && !/^(true|false|null|yes|no|on|off)$/i.test(value)
    ? value
    : JSON.stringify(value);
}

/** Completion and hover texts in editors; the schema comes with the installed package. */
const MODELINE = '# yaml-language-server: $schema=../node_modules/leasehold/docs/schema/leasehold.schema.json';

const ROLE_YAML = `${MODELINE}
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
    # The slash after the parameter matters: without it 1.4.2 would reach into 1.4.20.
    resources: ["arn:aws:s3:::\${var.artefact_bucket}/\${param.release}/*"]
`;

function rolesReadme(first: string): string {
  return `# Roles

One file is one role: one kind of task that an agent may do. \`project.yaml\` says where the roles are deployed.

To add a role, copy \`${first}\`, change its name, purpose and permissions, and run:

\`\`\`sh
npx --no leasehold validate                  # what is wrong with it, and how to fix it
npx --no leasehold can NAME                  # everything that it can do
npx --no leasehold explain NAME ACTION ARN   # whether one request is allowed, and why
\`\`\`
`;
}

function readme(project: string): string {
  return `# ${project}

AWS leases for AI agents: one task, one role, a few minutes, a human's consent.

1. Put your account, region and bucket into \`roles/project.yaml\`, and your roles beside it.
2. Install and check:

   \`\`\`sh
   npm install
   npx --no leasehold validate
   \`\`\`

3. See what would change, then deploy. This needs Terraform and credentials of an administrator of the account:

   \`\`\`sh
   npx cdktf diff ${project}-dev
   npx cdktf deploy ${project}-dev
   \`\`\`

4. Make the agent's access key and enrol an approver's MFA device, both outside of Terraform, so that neither lands in
   its state:

   \`\`\`sh
   aws iam create-access-key --user-name ${project}-dev-agent
   aws iam create-virtual-mfa-device --virtual-mfa-device-name ${project}-dev-agent-oncall \\
     --bootstrap-method QRCodePNG --outfile oncall.png    # the approver scans it, then it is deleted
   aws iam enable-mfa-device --user-name ${project}-dev-agent \\
     --serial-number arn:aws:iam::111122223333:mfa/${project}-dev-agent-oncall \\
     --authentication-code1 FIRST --authentication-code2 NEXT
   \`\`\`

5. Give the agent its instructions: \`npx --no leasehold skill > SKILL.md\`.
`;
}
