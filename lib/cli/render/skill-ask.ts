/**
 * Tells an agent how to request a lease: with each installed Leasehold tool or, as the last resort, with a plain STS
 * call.
 */
import { TAG_PUNCTUATION } from '@leasehold/contract/text';
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

/** Markdown blocks for one agent in one environment. */
export function askBlocks(agent: Agent, environment: Environment, roles: readonly Role[]): readonly string[] {
  const byMfa = roles.some((role) => mfaAgents(role, environment).includes(agent));
  const byBroker = roles.some((role) => role.gates.includes('broker'));
  const [example] = roles;
  return [
    `### How to ask in ${code(environment.name)}`,
    HOW,
    ...(example === undefined ? [] : wayBlocks(example)),
    ...(byMfa ? [MFA] : []),
    ...(byBroker ? [BROKER] : []),
    ...(byMfa ? lastResort(agent, environment) : []),
  ];
}

const HOW = `You ask with one of the ways below: take the first that is there. Each checks the request, asks the human, waits for as long
as they need, and gives the lease to the program that works with it. You name the role, the reason and the parameters, and
nothing else: the code and the credentials never pass through you. A denial ends with exit code 1 and says why.`;

const MFA = `Gate \`mfa\` means that an approver reads what you ask for, with the command that will run, and types a code of their device
where they were asked. One code opens one lease.`;

const BROKER = `Gate \`broker\` means that the project's broker opens the role, and asks whom it must. The same ways ask it. Unless the role
has gate \`mfa\` too, IAM refuses every call of your own.`;

/** The same lease request with each tool: a running endpoint, a command, a program, or a profile. */
function wayBlocks({ name, parameters }: Role): readonly string[] {
  // The agent cannot choose parameters whose values the broker takes from a verified identity.
  const names = parameters.filter(({ from }) => from === undefined).map((parameter) => parameter.name);
  const options = ['--reason "REASON"', ...names.map((each) => `--param ${each}=VALUE`)].join(' ');
  const given = names.map((each) => `${JSON.stringify(each)}: VALUE`).join(', ');
  const values = names.length === 0 ? '' : `, parameters: { ${given} }`;
  return [
    `1. **You have the tools** ${code('request_lease')} and ${code('call_aws')} of the MCP server ${code('leasehold')}: request there, wait with
   ${code('lease_status')}, and call AWS with ${code('call_aws')}. No credential reaches you.`,
    `2. **An endpoint runs beside you** where ${code('AWS_CONTAINER_CREDENTIALS_FULL_URI')} is set (${code('leasehold serve')}). Ask once;
   from then on every AWS SDK and the AWS CLI find the lease by themselves:`,
    `   \`\`\`sh
   leasehold request ${name} ${options}
   \`\`\``,
    `3. **One command** with the lease, where ${code('leasehold')} is installed:`,
    `   \`\`\`sh
   leasehold exec ${name} ${options} -- COMMAND ARGUMENTS
   \`\`\``,
    `4. **A program of yours** in JavaScript or TypeScript:`,
    `   \`\`\`js
   import { lease } from '@leasehold/runtime';
   const { credentials } = await lease('${name}', { reason: REASON${values} });
   \`\`\``,
    `   A program in another language gets the same from a profile with ${code('leasehold credential-process')}.`,
  ];
}

/** The STS call that the trust policy requires, for a human on a machine without Leasehold. */
function lastResort(agent: Agent, environment: Environment): readonly string[] {
  const { stsEndpoint, agents } = manifest(environment);
  const devices = Object.entries(agents[agent.name]?.mfaDevices ?? {});
  return [
    `#### Only where none of these is installed

Say so to the human, and ask them to install one. Where that cannot be, **a human**, never you, makes the call where your key
is. The code is read without being shown, and is no word of a command that they type: it would stay in the shell's history.`,
    `\`\`\`sh
printf 'Code: '; stty -echo; read -r CODE; stty echo
aws sts assume-role \\
  --region ${environment.region} --endpoint-url ${stsEndpoint} \\
  --role-arn 'ROLE_ARN' --role-session-name 'LEASE_ID' \\
  --source-identity '${agentName(agent, environment)}' --duration-seconds SECONDS \\
  --tags 'Key=${LEASE_ID_TAG},Value=LEASE_ID' 'Key=${REASON_TAG},Value=REASON' 'Key=param.NAME,Value=VALUE' \\
  --serial-number 'MFA_DEVICE' --token-code "$CODE"; unset CODE
\`\`\``,
    [
      'The human gives the answer to the process that does the task, not to you. IAM refuses the call unless all of this holds:',
      '',
      `- the session name and the tag ${code(LEASE_ID_TAG)} are the same and begin with ${code(LEASE_ID_PREFIX)}; at most 64 characters;`,
      `- the tag ${code(REASON_TAG)} has ${REASON_MINIMUM} to 256 characters. A tag holds letters, digits, spaces and ${code(TAG_PUNCTUATION)}, nothing else;`,
      '- every parameter of the role has its tag, and there is no other tag;',
      `- the source identity is ${code(agentName(agent, environment))}.`,
      '',
      'MFA devices of the approvers:',
      '',
      ...devices.map(([approver, serial]) => `- ${code(approver)}: ${code(serial)}`),
    ].join('\n'),
  ];
}
