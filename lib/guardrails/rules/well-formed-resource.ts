import { type ActionInfo, type Catalogue, parseArn } from '@leasehold/policy';
import { fittingFormat } from '../example-resource';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readStatements } from '../reading';
import { type ResourceEntry, resourcesOf } from '../resources';

/** Every resource must be `*` or an ARN with explicit partition, service and account. */
export const wellFormedResource: RoleGuardrail = {
  id: 'well-formed-resource',
  title: 'Every resource is a valid ARN',
  severity: 'error',
  page: pageOf('well-formed-resource'),
  unwaivable: 'a resource that cannot be parsed cannot be checked',
  over: 'role',
  *check({ role, catalogue }) {
    for (const allow of readStatements(role, catalogue)) {
      for (const resource of resourcesOf(allow)) {
        const complaint = malformed(resource, allow, catalogue);
        if (complaint)
          yield { ...complaint, at: role.locate([allow.section, allow.index, 'resources', resource.index]) };
      }
    }
  },
};

function malformed(
  { text, arn }: ResourceEntry,
  { granted }: AllowReading,
  catalogue: Catalogue,
): Omit<Complaint, 'at'> | undefined {
  if (text === '*') return undefined;
  if (arn === undefined || arn.resource === '') {
    return {
      message: `\`${text}\` is not an ARN.`,
      expected: '`arn:partition:service:region:account:resource`',
      hint: /^\*+$/.test(text)
        ? 'Write `*` for every resource.'
        : 'Write the complete ARN; leave a part empty if the service does not use it.',
    };
  }
  for (const part of ['partition', 'service', 'account'] as const) {
    if (/[*?]/.test(arn[part])) {
      return {
        message: `The ${part} in \`${text}\` is a wildcard.`,
        hint: part === 'service' ? 'Write the service out.' : partHint(part, text, granted, catalogue),
      };
    }
  }
  if (arn.partition === '' || arn.service === '') {
    return { message: `\`${text}\` names no ${arn.partition === '' ? 'partition' : 'service'}.`, hint: 'Fill it in.' };
  }
  const odd = /[^\x20-\x7e]/u.exec(nameOf(text, arn.service))?.[0];
  if (odd !== undefined) {
    const code = `U+${(odd.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
    return {
      message: `\`${text}\` contains the character ${code}, which no AWS name has; it may only look like a letter.`,
      hint: 'Type the name again, in plain letters.',
    };
  }
  return undefined;
}

/** Some ARNs, such as those of snapshots, contain no account: the part between the colons is empty. */
function partHint(
  part: 'partition' | 'account',
  text: string,
  granted: readonly ActionInfo[],
  catalogue: Catalogue,
): string {
  const format = part === 'account' ? parseArn(fittingFormat(granted, text, catalogue) ?? '') : undefined;
  return format?.account === ''
    ? 'Leave the account empty: ARNs of such resources have no account.'
    : `Write \`\${env.${part}}\` in its place.`;
}

/** The resource without an S3 object key. The object key is omitted because it may contain any character. */
function nameOf(text: string, service: string): string {
  const slash = text.indexOf('/');
  return service === 's3' && slash >= 0 ? text.slice(0, slash) : text;
}
