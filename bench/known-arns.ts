/**
 * Lets Terraform plan a configuration as if its identities, functions and buckets existed: their ARNs, which are known
 * only after apply, become texts of the same names. What AWS names, such as an instance, stays unknown. Only copies are
 * changed.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const ACCOUNT = '123456789012';
const REGION = 'us-east-1';

/** How the ARN of a resource is written with references to the resource. */
const ARNS: Readonly<Record<string, (resource: string) => string>> = {
  aws_iam_group: ofIdentity('group'),
  aws_iam_instance_profile: ofIdentity('instance-profile'),
  aws_iam_policy: ofIdentity('policy'),
  aws_iam_role: ofIdentity('role'),
  aws_iam_user: ofIdentity('user'),
  aws_lambda_function: (resource) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:\${${resource}.function_name}`,
  aws_s3_bucket: (resource) => `arn:aws:s3:::\${${resource}.bucket}`,
};

function ofIdentity(kind: string): (resource: string) => string {
  return (resource) => `arn:aws:iam::${ACCOUNT}:${kind}\${${resource}.path}\${${resource}.name}`;
}

/** Rewrites every file of a folder and of those below it. */
export function useKnownArns(path: string): void {
  const arn = new RegExp(`(?<![\\w.])((${Object.keys(ARNS).join('|')})\\.[\\w-]+(?:\\[[^\\]*\\n]*\\])?)\\.arn\\b`, 'g');
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inner = join(path, entry.name);
    if (entry.isDirectory()) useKnownArns(inner);
    else if (entry.name.endsWith('.tf')) {
      const text = readFileSync(inner, 'utf8');
      const changed = text.replace(arn, (whole, resource: string, type: string) => {
        const written = ARNS[type]?.(resource);
        return written === undefined ? whole : `"${written}"`;
      });
      if (changed !== text) writeFileSync(inner, changed);
    }
  }
}
