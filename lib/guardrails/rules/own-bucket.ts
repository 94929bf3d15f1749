import type { Parameter } from '@leasehold/definitions';
import { templateParts } from '@leasehold/documents';
import { conditionsOf, sameKey } from '../conditions';
import { pageOf, type RoleGuardrail } from '../guardrail';
import { readAllows } from '../reading';
import { resourcesOf } from '../resources';

/**
 * The bucket's name, or the account that owns the bucket, must be given exactly, because bucket names are global across
 * all AWS accounts.
 */
export const ownBucket: RoleGuardrail = {
  id: 'own-bucket',
  title: "An S3 bucket is named in full, or a condition requires that it is in the environment's account",
  severity: 'error',
  page: pageOf('own-bucket'),
  over: 'role',
  *check({ role, environment, catalogue }) {
    for (const allow of readAllows(role, catalogue)) {
      const owned = conditionsOf(allow).some(
        ({ name, key, values }) =>
          name === 'StringEquals' &&
          (sameKey(key, 'aws:ResourceAccount') || sameKey(key, 's3:ResourceAccount')) &&
          values.length > 0 &&
          values.every((value) => value === environment.account),
      );
      if (owned) continue;
      for (const { text, arn, index } of resourcesOf(allow)) {
        // ARNs of access points and similar resources contain the account.
        if (arn?.service !== 's3' || arn.account !== '') continue;
        const bucket = bucketOf(arn.resource);
        const parameter = openParameter(bucket, role.parameters);
        if (parameter === undefined && !/[*?]/.test(bucket)) continue;
        yield {
          message:
            parameter === undefined
              ? `\`${text}\` matches buckets of other AWS accounts: anybody can create a bucket with a matching name.`
              : `\`${text}\` lets a lease choose the bucket by \`${parameter}\`, of any AWS account.`,
          hint: `Name the bucket, list its names under the parameter's \`values:\`, or add the condition \`StringEquals: { aws:ResourceAccount: "${environment.account}" }\`.`,
          at: role.locate(['allow', allow.index, 'resources', index]),
        };
      }
    }
  },
};

function bucketOf(resource: string): string {
  // A slash inside a variable is part of its name.
  return /^(?:\$\{[^}]*\}|[^/])*/.exec(resource)?.[0] ?? '';
}

/** A parameter without a list of values that occurs in a bucket's name. */
function openParameter(bucket: string, parameters: readonly Parameter[]): string | undefined {
  return templateParts(bucket)
    .flatMap((part) => ('parameter' in part ? [part.parameter] : []))
    .find((name) => parameters.find((parameter) => parameter.name === name)?.values === undefined);
}
