/** A project of any size: the four kinds of roles of the reference project, over and over, ten agents at most. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Roles an agent has at most. */
const ROLES_PER_AGENT = 500;

/** Writes `roles/` with one environment and this many roles, one a file. */
export function writeLargeProject(folder: string, count: number): void {
  const roles = join(folder, 'roles');
  mkdirSync(roles, { recursive: true });
  writeFileSync(join(roles, 'project.yaml'), project(count));
  for (let index = 0; index < count; index += 1) {
    writeFileSync(join(roles, `${KINDS[index % 4]}-${number(index)}.yaml`), role(index));
  }
}

const KINDS = ['ec2-read', 's3-deploy', 'rds-query', 'cloudwatch-read'] as const;

function number(index: number): string {
  return String(index + 1).padStart(4, '0');
}

function agent(index: number): string {
  return `agent-${String(Math.floor(index / ROLES_PER_AGENT) + 1).padStart(2, '0')}`;
}

function project(count: number): string {
  const agents = [...new Set(Array.from({ length: count }, (_, index) => agent(index)))];
  return `kind: Project
name: hermes
environments:
  dev:
    account: "123456789012"
    region: ap-northeast-2
    variables: { owner: hermes-dev }
agents:
${agents.map((name) => `  ${name}: { identity: { type: iam-user } }\n`).join('')}approvers: [oncall, lead]
`;
}

function role(index: number): string {
  const name = `${KINDS[index % 4]}-${number(index)}`;
  const head = `kind: Role
name: ${name}
agents: [${agent(index)}]
gate: mfa
lease: { default: 15m, max: 30m }
`;
  switch (KINDS[index % 4]) {
    case 's3-deploy':
      return `${head}purpose: Upload build artefacts under one release of bucket ${number(index)}. No delete.
access: write
parameters:
  release: { pattern: "[a-z0-9][a-z0-9.-]{0,62}", description: "Release folder, for example 1.4.2" }
allow:
  - actions: [s3:GetObject, s3:PutObject]
    resources: ["arn:aws:s3:::\${var.owner}-${name}/\${param.release}/*"]
  - actions: [s3:ListBucket]
    resources: ["arn:aws:s3:::\${var.owner}-${name}"]
    conditions: { StringLike: { s3:prefix: "\${param.release}/*" } }
sensitive:
  - { action: s3:GetObject, because: To compare what is there with what was built. }
`;
    case 'rds-query':
      return `${head}purpose: Run read-only SQL on database ${number(index)}, as its database user reader.
access: write
allow:
  - actions: [rds-data:ExecuteStatement]
    resources: ["arn:\${env.partition}:rds:\${env.region}:\${env.account}:cluster:${name}"]
  - actions: [secretsmanager:GetSecretValue]
    resources: ["arn:\${env.partition}:secretsmanager:\${env.region}:\${env.account}:secret:${name}-a1B2c3"]
companions: [secretsmanager]
sensitive:
  - { action: secretsmanager:GetSecretValue, because: The Data API reads the login on the caller's behalf. }
sql: { databaseUser: reader, limits: "SELECT on one schema, granted by the database's migrations." }
`;
    case 'cloudwatch-read':
      return `${head}purpose: Read the logs of app ${number(index)}. No other log group, no change.
access: read
allow:
  - actions: [logs:DescribeLogStreams, logs:FilterLogEvents, logs:GetLogEvents]
    resources: ["arn:\${env.partition}:logs:\${env.region}:\${env.account}:log-group:/\${var.owner}/${name}:*"]
sensitive:
  - { action: logs:FilterLogEvents, because: To find an error is to read log lines. }
  - { action: logs:GetLogEvents, because: What happened around an error stands in the lines around it. }
`;
    default:
      return `${head}purpose: Look at EC2 instances and volumes in one region, task ${number(index)}. No change.
access: read
allow:
  - actions:
      - ec2:DescribeInstances
      - ec2:DescribeInstanceStatus
      - ec2:DescribeInstanceTypes
      - ec2:DescribeVolumes
      - ec2:DescribeVolumeStatus
    resources: ["*"]
    conditions: { StringEquals: { aws:RequestedRegion: "\${env.region}" } }
`;
  }
}
