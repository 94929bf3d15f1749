/** Definitions written to a folder of their own, and loaded from there. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Finding } from '../../lib/definitions/finding';
import { type Loaded, loadDefinitions } from '../../lib/definitions/load';

/** A project with two environments, two IAM users and a workload. */
export const PROJECT = `kind: Project
name: hermes
environments:
  dev:
    account: "123456789012"
    region: ap-northeast-2
    variables: { deploy_bucket: hermes-dev-deploy, only_dev: here }
  prod:
    account: "210987654321"
    region: ap-northeast-2
    variables: { deploy_bucket: hermes-prod-deploy }
agents:
  agent: { identity: { type: iam-user } }
  second: { identity: { type: iam-user } }
  worker: { identity: { type: ecs-task } }
approvers: [oncall, lead]
`;

/** A role without a fault. */
export const ROLE = `kind: Role
name: s3-deploy
purpose: Upload build artefacts under one release.
access: write
gate: mfa
agents: [agent]
parameters:
  release: { pattern: "[a-z0-9][a-z0-9.-]{0,62}", description: Release folder }
allow:
  - actions: [s3:PutObject]
    resources: ["arn:aws:s3:::\${var.deploy_bucket}/\${param.release}/*"]
`;

/** Runs something in a new folder, which is the working directory of nobody, and removes it. */
export function inFolder<T>(files: Readonly<Record<string, string | Uint8Array>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Loads files that lie in one folder. */
export function load(files: Readonly<Record<string, string | Uint8Array>>): Loaded {
  return inFolder(files, (folder) => loadDefinitions('.', { cwd: folder }));
}

/** Findings as short lines: `role.yaml:3:7 error unknown-key`. */
export function brief(findings: readonly Finding[]): readonly string[] {
  return findings.map(({ at, severity, id }) => `${at.file}:${at.line}:${at.column} ${severity} ${id}`);
}
