/** Typical resources of an action, so that an example looks familiar to an engineer. */
import type { Catalogue } from '../catalogue-types';
import { type Piece, toPattern } from './pattern';
import { type TextSet, textSet } from './search';

/** Sets of resources that the action may support, the most likely first. */
export function resourceHints(action: string, catalogue: Catalogue | undefined): readonly TextSet[] {
  const info = catalogue?.action(action);
  const formats = info?.resourceTypes.flatMap(({ arns }) => arns) ?? [FAMILIAR[action] ?? ofService(action)];
  const none = info !== undefined && formats.length === 0 ? [exactly('*')] : [];
  return [...none, ...formats.map((format) => filled(format, KNOWN)), ...formats.map((format) => filled(format, {}))];
}

/** Well-known actions and their resources, for comparisons without the catalogue. */
const FAMILIAR: Readonly<Record<string, string>> = {
  'iam:CreateUser': 'arn:${Partition}:iam::${Account}:user/${Name}',
  's3:GetObject': 'arn:${Partition}:s3:::${Name}/${Key}',
  's3:ListBucket': 'arn:${Partition}:s3:::${Name}',
  'ec2:RunInstances': 'arn:${Partition}:ec2:${Region}:${Account}:instance/${Id}',
  'kms:Decrypt': 'arn:${Partition}:kms:${Region}:${Account}:key/${Id}',
  'lambda:InvokeFunction': 'arn:${Partition}:lambda:${Region}:${Account}:function:${Name}',
  'sqs:SendMessage': 'arn:${Partition}:sqs:${Region}:${Account}:${Name}',
  'sns:Publish': 'arn:${Partition}:sns:${Region}:${Account}:${Name}',
  'dynamodb:GetItem': 'arn:${Partition}:dynamodb:${Region}:${Account}:table/${Name}',
  'secretsmanager:GetSecretValue': 'arn:${Partition}:secretsmanager:${Region}:${Account}:secret:${Name}',
  'sts:AssumeRole': 'arn:${Partition}:iam::${Account}:role/${Name}',
};
export const FAMILIAR_ACTIONS: readonly string[] = Object.keys(FAMILIAR);

/**
 * The likely resources of an action that is not in the catalogue. For most services, the prefix of the actions is also
 * the service in the ARNs.
 */
function ofService(action: string): string {
  const [service = ''] = action.split(':');
  return `arn:\${Partition}:${service}:\${Region}:\${Account}:\${Resource}`;
}

/** Account ids that AWS's own documentation uses. */
export const EXAMPLE_ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';

const KNOWN: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: 'eu-west-1',
  Account: EXAMPLE_ACCOUNT,
};

const SOMETHING: readonly Piece[] = [{ kind: 'one' }, { kind: 'any' }];

/** Replaces the placeholders in a format whose values are known; other placeholders match anything. */
function filled(format: string, known: Readonly<Record<string, string>>): TextSet {
  const pieces = format.split(/(\$\{[^}]*\})/).flatMap((part): readonly Piece[] => {
    const hole = /^\$\{(.*)\}$/.exec(part)?.[1];
    if (hole === undefined) return [{ kind: 'literal', text: part }];
    const text = known[hole];
    return text === undefined ? SOMETHING : [{ kind: 'literal', text }];
  });
  return textSet([toPattern(pieces, { segments: true })]);
}

function exactly(text: string): TextSet {
  return textSet([toPattern([{ kind: 'literal', text }])]);
}

/** Every ARN of the commercial partition. */
export const ANY_ARN: TextSet = textSet([
  toPattern([{ kind: 'literal', text: 'arn:aws:' }, ...SOMETHING, ...colons(3), ...SOMETHING], { segments: true }),
]);

function colons(count: number): Piece[] {
  return Array.from({ length: count }, (_, index) => index).flatMap((index): Piece[] =>
    index === 0 ? [{ kind: 'literal', text: ':' }] : [{ kind: 'any' }, { kind: 'literal', text: ':' }],
  );
}
