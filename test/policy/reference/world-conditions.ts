/** The context of a random request, and conditions that meet it about as often as they miss it. */
import type { ConditionBlock, Context, Principal, Request } from '@leasehold/policy';
import type { Draw } from './draw';

type Family = 'String' | 'Numeric' | 'Date' | 'Bool' | 'IpAddress' | 'Arn' | 'Binary';

interface Key {
  readonly name: string;
  readonly family: Family;
  /** Values of requests; the last is one that the family cannot read, or that is at the edge of it. */
  readonly values: readonly string[];
  /** Values of policies beside those of requests. */
  readonly wanted: readonly string[];
  readonly many?: true;
  /** Not drawn into the context: the engine derives it. */
  readonly derived?: true;
}

const VARIABLE_VALUES = [
  '${aws:PrincipalTag/team}',
  '${aws:PrincipalTag/team}*',
  "${aws:ResourceTag/team, 'blue'}",
  '${aws:username}',
  '${*}',
  '*${aws:PrincipalAccount}*',
];

const KEYS: readonly Key[] = [
  {
    name: 'aws:PrincipalTag/team',
    family: 'String',
    values: ['blue', 'red', 'Blue', 'bl*', ''],
    wanted: ['b*', '?ed', '*', '', '${aws:ResourceTag/team}'],
  },
  {
    name: 'aws:ResourceTag/team',
    family: 'String',
    values: ['blue', 'red', 'RED', ''],
    wanted: ['r*', ...VARIABLE_VALUES],
  },
  {
    name: 'aws:RequestTag/env',
    family: 'String',
    values: ['prod', 'dev', ''],
    wanted: ['p*', 'de?', ...VARIABLE_VALUES],
  },
  {
    name: 's3:prefix',
    family: 'String',
    values: ['blue/', 'alice/', 'home', ''],
    wanted: ['blue/*', '${aws:username}/*', '${aws:PrincipalTag/team}/*', '*'],
  },
  {
    name: 'aws:PrincipalAccount',
    family: 'String',
    values: ['111122223333'],
    wanted: ['444455556666', '1111*', '${aws:ResourceAccount}'],
    derived: true,
  },
  {
    name: 'aws:PrincipalType',
    family: 'String',
    values: ['User', 'AssumedRole'],
    wanted: ['Account', 'Anonymous', 'FederatedUser'],
    derived: true,
  },
  {
    name: 'aws:username',
    family: 'String',
    values: ['alice'],
    wanted: ['bob', 'a*', '${aws:PrincipalTag/team}'],
    derived: true,
  },
  {
    name: 'aws:ResourceAccount',
    family: 'String',
    values: ['111122223333'],
    wanted: ['444455556666', '${aws:PrincipalAccount}'],
    derived: true,
  },
  {
    name: 'aws:TagKeys',
    family: 'String',
    values: ['team', 'env', 'cost', ''],
    wanted: ['t*', '*', 'TEAM', ''],
    many: true,
  },
  {
    name: 'dynamodb:LeadingKeys',
    family: 'String',
    values: ['alice', 'bob', 'blue'],
    wanted: ['${aws:username}', 'b*', '${aws:PrincipalTag/team}'],
    many: true,
  },
  {
    name: 'aws:CalledVia',
    family: 'String',
    values: ['athena.amazonaws.com', 'cloudformation.amazonaws.com'],
    wanted: ['*.amazonaws.com'],
    many: true,
  },
  {
    name: 'aws:MultiFactorAuthAge',
    family: 'Numeric',
    values: ['60', '300', '300.5', '3600', 'old'],
    wanted: ['0', '299', '301'],
  },
  { name: 's3:max-keys', family: 'Numeric', values: ['10', '100', '-1', ''], wanted: ['10.0', '99', '1000'] },
  {
    name: 'aws:CurrentTime',
    family: 'Date',
    values: ['2026-11-29T21:00:00Z', '2026-12-01T00:00:00Z', '1796000000', 'noon'],
    wanted: ['2026-11-30', '2026-11-29T22:00:00+01:00', '1796083200', '2026-12-01T00:00:00.000Z'],
  },
  {
    name: 'aws:TokenIssueTime',
    family: 'Date',
    values: ['2026-11-29T20:00:00Z', '2026-11-28T00:00:00Z'],
    wanted: ['2026-11-29T20:00Z', '2026-11-29'],
  },
  { name: 'aws:MultiFactorAuthPresent', family: 'Bool', values: ['true', 'false'], wanted: ['true'] },
  { name: 'aws:SecureTransport', family: 'Bool', values: ['true', 'false', 'yes'], wanted: ['false'] },
  { name: 'aws:PrincipalIsAWSService', family: 'Bool', values: ['true', 'false'], wanted: ['false'], derived: true },
  {
    name: 'aws:SourceIp',
    family: 'IpAddress',
    values: ['203.0.113.7', '10.1.2.3', '2001:db8::1', 'vpce'],
    wanted: ['203.0.113.0/24', '10.0.0.0/8', '0.0.0.0/0', '2001:db8::/32', '2001:DB8:1::/48', '::/0', '2001:db8::2'],
  },
  {
    name: 'aws:SourceArn',
    family: 'Arn',
    values: [
      'arn:aws:sns:us-east-1:111122223333:alerts',
      'arn:aws:s3:::reports',
      'arn:aws:logs:us-east-1:111122223333:log-group:a:b',
      'not-an-arn',
    ],
    wanted: [
      'arn:aws:sns:*:*:*',
      'arn:aws:s3:::rep*',
      'arn:aws:*:*:${aws:PrincipalAccount}:*',
      'arn:aws:sns:us-east-?:111122223333:a*',
      'arn:aws:logs:*:b',
      '*',
    ],
  },
  {
    name: 'aws:PrincipalArn',
    family: 'Arn',
    values: ['arn:aws:iam::111122223333:role/app/deploy', 'arn:aws:iam::111122223333:user/team/alice'],
    wanted: [
      'arn:aws:iam::*:role/*',
      'arn:aws:iam::111122223333:user/*',
      'arn:aws:iam::111122223333:root',
      'arn:*:iam::444455556666:role/app/deploy',
    ],
    derived: true,
  },
  { name: 'kms:Digest', family: 'Binary', values: ['QUJD', 'REVG', '%%'], wanted: ['QUJD'] },
];

const OPERATORS: Readonly<Record<Family, readonly string[]>> = {
  String: [
    'StringEquals',
    'StringEquals',
    'StringNotEquals',
    'StringLike',
    'StringLike',
    'StringNotLike',
    'StringEqualsIgnoreCase',
    'StringNotEqualsIgnoreCase',
  ],
  Numeric: [
    'NumericEquals',
    'NumericNotEquals',
    'NumericLessThan',
    'NumericLessThanEquals',
    'NumericGreaterThan',
    'NumericGreaterThanEquals',
  ],
  Date: [
    'DateEquals',
    'DateNotEquals',
    'DateLessThan',
    'DateLessThanEquals',
    'DateGreaterThan',
    'DateGreaterThanEquals',
  ],
  Bool: ['Bool'],
  IpAddress: ['IpAddress', 'NotIpAddress'],
  Arn: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike', 'StringLike', 'StringNotEquals'],
  Binary: ['BinaryEquals'],
};

export function drawContext(principal: Principal, draw: Draw): Context {
  const context: Record<string, string | readonly string[]> = {};
  const temporary = principal.kind === 'session' || principal.kind === 'federated-user';
  for (const { name, values, many, derived } of KEYS) {
    if (derived || draw.chance(0.4)) continue;
    if (name === 'aws:TokenIssueTime' && !temporary) continue;
    const last = values.at(-1) as string;
    const value = () => (draw.chance(0.06) ? last : draw.one(values.slice(0, -1)));
    context[spelled(name, draw)] = many ? [...new Set(draw.several(0, 2, value))] : value();
  }
  return context;
}

/** The context with some of the values that conditions ask for: what tells two policies apart is often one of these. */
export function withValuesOf(conditions: readonly ConditionBlock[], context: Context, draw: Draw): Context {
  const tests = conditions.flatMap((block) => Object.values(block).flatMap((keys) => Object.entries(keys)));
  const values = new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, wanted] of tests) {
    const key = KEYS.find((one) => one.name.toLowerCase() === name.toLowerCase());
    if (key === undefined || key.derived || draw.chance(0.6)) continue;
    const value = String(draw.one([wanted].flat()));
    values.set(key.name.toLowerCase(), key.many ? [value] : value);
  }
  return Object.fromEntries(values);
}

/** A condition block with `count` tests or fewer. */
export function drawCondition(count: number, request: Request, draw: Draw): object {
  const block: Record<string, Record<string, unknown>> = {};
  const present = Object.keys(request.context).map((name) => name.toLowerCase());
  for (const key of draw.several(count, count, () => draw.one(KEYS))) {
    // A key that the request has, three times out of four.
    const chosen = key.derived || present.includes(key.name.toLowerCase()) || draw.chance(0.25) ? key : draw.one(KEYS);
    const [operator, wanted] = drawTest(chosen, request, draw);
    const keys = block[operator] ?? {};
    if (Object.keys(keys).some((name) => name.toLowerCase() === chosen.name.toLowerCase())) continue;
    block[operator] = { ...keys, [spelled(chosen.name, draw)]: wanted };
  }
  return block;
}

function drawTest(key: Key, { context }: Request, draw: Draw): readonly [string, unknown] {
  if (draw.chance(0.1)) return ['Null', draw.one(['true', 'false', true, false])];
  const set = draw.chance(key.many ? 0.8 : 0.04) ? draw.one(['ForAllValues:', 'ForAnyValue:']) : '';
  const operator = `${set}${draw.one(OPERATORS[key.family])}${draw.chance(0.15) ? 'IfExists' : ''}`;
  const found = Object.entries(context).find(([name]) => name.toLowerCase() === key.name.toLowerCase())?.[1];
  const readable =
    key.family === 'String' ? key.values : key.values.filter((value) => READABLE[key.family].test(value));
  const isArn = operator.includes('Arn');
  const value = () => {
    const own = [found ?? []].flat().filter((one) => key.family === 'String' || READABLE[key.family].test(one));
    if (own.length > 0 && draw.chance(0.4)) return draw.one(own);
    return draw.one([...readable, ...key.wanted]);
  };
  const values = draw.several(1, 2, value).filter((one) => !isArn || one.startsWith('arn:') || one === '*');
  const written = values.length === 0 ? ['arn:aws:sns:*:*:*'] : values;
  const plain: readonly (string | number)[] =
    key.family === 'Numeric' && draw.chance(0.2) ? written.map(Number) : written;
  return [operator, draw.oneOrMany(key.family === 'Bool' ? plain.slice(0, 1) : plain)];
}

/** What a policy may write for a family; the policy language refuses the rest. */
const READABLE: Readonly<Record<Family, RegExp>> = {
  String: /./,
  Numeric: /^-?\d/,
  Date: /^\d/,
  Bool: /^(true|false)$/,
  IpAddress: /^[\d.:a-f]*[.:][\d.:a-f]*$/,
  Arn: /^arn:/,
  Binary: /^[A-Z]+$/i,
};

const spelled = (name: string, draw: Draw) =>
  draw.chance(0.9) ? name : draw.one([name.toLowerCase(), name.toUpperCase()]);
