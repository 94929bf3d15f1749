/** How an agent asks today: the facts of the STS call that opens a lease, as the trust policy demands them. */
import type { Agent, Environment, Role } from '@leasehold/definitions';
import {
  agentName,
  LEASE_ID_PREFIX,
  LEASE_ID_TAG,
  manifest,
  mfaAgents,
  REASON_MINIMUM,
  REASON_TAG,
} from '@leasehold/documents';
import { code } from './markdown';

/** Blocks of Markdown for one agent in one environment. */
export function askBlocks(agent: Agent, environment: Environment, roles: readonly Role[]): readonly string[] {
  const byMfa = roles.some((role) => mfaAgents(role, environment).includes(agent));
  const byBroker = roles.some((role) => role.gates.includes('broker'));
  return [
    `### How to ask in ${code(environment.name)}`,
    ...(byMfa ? mfaBlocks(agent, environment) : []),
    ...(byBroker ? [BROKER] : []),
  ];
}

const BROKER = `Gate \`broker\` means that the project's broker opens the role. Unless the role has gate \`mfa\` too, IAM refuses every
call of your own. Ask the human to have it opened, with the role, the reason and the parameters.`;

function mfaBlocks(agent: Agent, environment: Environment): readonly string[] {
  const { stsEndpoint, agents } = manifest(environment);
  const devices = Object.entries(agents[agent.name]?.mfaDevices ?? {});
  return [
    `Gate \`mfa\` means that the role opens only when your own long-term key and an approver's MFA code arrive on one and the same
call of \`sts:AssumeRole\`. One code opens one lease. So you prepare the call, and a human completes it:

1. Choose the role and the parameters, write the reason, and make a lease id: ${code(LEASE_ID_PREFIX)} and something never used before,
   for example a UUID.
2. Show the human the role, the reason, the parameters and the command below, filled in except for \`CODE\`.
3. The human runs it where your key is, types the code there, and hands the credentials of the answer to the process
   that does the task. Neither the code nor the credentials go through this conversation.`,
    `\`\`\`sh
aws sts assume-role \\
  --region ${environment.region} --endpoint-url ${stsEndpoint} \\
  --role-arn 'ROLE_ARN' \\
  --role-session-name 'LEASE_ID' \\
  --source-identity '${agentName(agent, environment)}' \\
  --duration-seconds SECONDS \\
  --tags 'Key=${LEASE_ID_TAG},Value=LEASE_ID' 'Key=${REASON_TAG},Value=REASON' 'Key=param.NAME,Value=VALUE' \\
  --serial-number 'MFA_DEVICE' --token-code CODE
\`\`\``,
    [
      'IAM refuses the call unless all of this holds:',
      '',
      `- the session name and the tag ${code(LEASE_ID_TAG)} are the same and begin with ${code(LEASE_ID_PREFIX)}; at most 64 characters;`,
      `- the tag ${code(REASON_TAG)} has ${REASON_MINIMUM} to 256 characters. A tag holds letters, digits, spaces and ${code('_ . : / = + - @')}, nothing else;`,
      '- every parameter of the role has its tag, and there is no other tag;',
      `- the source identity is ${code(agentName(agent, environment))}.`,
    ].join('\n'),
    [
      'MFA devices of the approvers:',
      '',
      ...devices.map(([approver, serial]) => `- ${code(approver)}: ${code(serial)}`),
    ].join('\n'),
    `All of this stands, for programs, in the stack's output: \`terraform output -json leasehold\`.`,
  ];
}
