/**
 * The starter project's README.
 * @param hasExamples whether the project has the upload role and its files
 */
export function readme(project: string, hasExamples: boolean): string {
  const rows = hasExamples
    ? '| `agent/upload.mjs` | an agent that works with a lease |\n| `examples/broker/` | a broker, to copy into `roles/` |\n'
    : '';
  return `# ${project}

AWS leases for AI agents: one task, one role, a few minutes, a human's consent.

| | |
| --- | --- |
| \`roles/\` | the definitions: the project and one file for each role |
${rows}| \`.github/workflows/\` | a review of every pull request that changes a role |
| \`cdktf.json\` | how \`cdktf\` finds the stacks |

## Try it on this machine

\`\`\`sh
npm install
npx leasehold validate
npx leasehold sandbox --demo    # one lease, from the request to its end
npx leasehold dev --help        # the broker on this machine; it needs a role with \`gate: broker\`
\`\`\`

Run \`npx leasehold\` only after \`npm install\`. In scripts write \`npx --no -- leasehold\`, which never fetches a package that is
not installed.

## Deploy

You need Terraform 1.10 or later and credentials of an administrator of the account.

1. Put your account, region and bucket into \`roles/project.yaml\`.
2. Read the plan, then apply it:

   \`\`\`sh
   npx cdktf diff ${project}-dev
   npx cdktf deploy ${project}-dev    # without a terminal: add --auto-approve
   \`\`\`

3. Create the agent's access key outside of Terraform, so that it is never in the state. Put it into the agent's secret store:

   \`\`\`sh
   aws iam create-access-key --user-name ${project}-dev-agent
   \`\`\`

4. Enrol the approver's MFA device, at a terminal. The seed is shown once and stored nowhere:

   \`\`\`sh
   npx leasehold mfa enroll oncall --env dev
   \`\`\`

5. Write the manifest, which tells a client what it may ask for. It contains no secret:

   \`\`\`sh
   npx leasehold manifest --env dev > leasehold.json
   \`\`\`

## Lease a role

${hasExamples ? uploading(project) : LEASING}
Give the agent its instructions: \`npx leasehold skill > SKILL.md\`.

## Review pull requests

The two workflows plan every pull request with a role that can only read, and comment what an agent could newly do.
\`node_modules/leasehold/docs/ci.md\` says which variables of the repository to set. To review a plan by hand:

\`\`\`sh
npx leasehold synth
cd cdktf.out/stacks/${project}-dev
terraform init
terraform plan -out tfplan
npx leasehold review tfplan
\`\`\`
`;
}

/** Explains how to lease the starter's own role. */
function uploading(project: string): string {
  return `With the agent's access key in the environment, and the approver at the terminal:

\`\`\`sh
node agent/upload.mjs 1.4.2 app.js
\`\`\`

Or run one command with a lease:

\`\`\`sh
npx leasehold exec s3-upload --reason 'Upload release 1.4.2' --param release=1.4.2 -- aws s3 cp app.js s3://${project}-dev-artefacts/1.4.2/
\`\`\`
`;
}

/** Explains how to lease any role. */
const LEASING = `With the agent's access key in the environment, and the approver at the terminal:

\`\`\`sh
npx leasehold exec ROLE --reason 'What is to be done, and for what' -- COMMAND
\`\`\`
`;
