/**
 * Random worlds: a request and the policies that bear on it, in the shapes in which people write them. Policies are drawn
 * for the request, so that every part of a statement matches about as often as not and both verdicts are frequent.
 */
import type { PolicyDocuments, Principal, Request } from '@leasehold/policy';
import { Draw } from './draw';
import { drawCondition, drawContext } from './world-conditions';

export interface World {
  readonly request: Request;
  readonly documents: PolicyDocuments;
}

const OWN = '111122223333';
const OTHER = '444455556666';
const ROLE = `arn:aws:iam::${OWN}:role/app/deploy`;
const USER = `arn:aws:iam::${OWN}:user/team/alice`;

/** Actions with resources that they take. */
const CALLS: readonly (readonly [action: string, resources: readonly string[]])[] = [
  ['s3:GetObject', ['arn:aws:s3:::reports/blue/1.csv', 'arn:aws:s3:::reports/red/a:b', 'arn:aws:s3:::other/alice/x']],
  ['s3:PutObject', ['arn:aws:s3:::reports/blue/1.csv', 'arn:aws:s3:::other/alice/x']],
  ['s3:ListBucket', ['arn:aws:s3:::reports', 'arn:aws:s3:::other']],
  ['s3:ListAllMyBuckets', ['*']],
  ['sqs:SendMessage', [`arn:aws:sqs:eu-central-1:${OWN}:jobs`, `arn:aws:sqs:us-east-1:${OTHER}:jobs-blue`]],
  [
    'dynamodb:GetItem',
    [`arn:aws:dynamodb:eu-central-1:${OWN}:table/orders`, `arn:aws:dynamodb:us-east-1:${OTHER}:table/Orders`],
  ],
  ['ec2:CreateTags', [`arn:aws:ec2:eu-central-1:${OWN}:instance/i-1`, `arn:aws:ec2:us-east-1:${OWN}:volume/vol-2`]],
  ['logs:PutLogEvents', [`arn:aws:logs:eu-central-1:${OWN}:log-group:app:log-stream:blue`]],
  ['kms:Decrypt', [`arn:aws:kms:eu-central-1:${OWN}:key/k-1`, `arn:aws:kms:us-east-1:${OTHER}:key/k-2`]],
  ['sts:AssumeRole', [`arn:aws:iam::${OWN}:role/ops/target`, `arn:aws:iam::${OTHER}:role/target`]],
];

const PRINCIPALS: readonly (readonly [weight: number, Principal])[] = [
  [40, { kind: 'session', roleArn: ROLE, sessionName: 'build-7' }],
  [32, { kind: 'user', arn: USER }],
  [6, { kind: 'root', account: OWN }],
  [8, { kind: 'federated-user', arn: `arn:aws:sts::${OWN}:federated-user/bob`, userArn: USER }],
  [6, { kind: 'service', name: 'delivery.logs.amazonaws.com' }],
  [5, { kind: 'anonymous' }],
  [3, { kind: 'web-identity', provider: `arn:aws:iam::${OWN}:oidc-provider/idp.example` }],
];

/** The world of a seed. */
export function worldOf(seed: number): World {
  const draw = new Draw(seed);
  const request = drawRequest(weighted(draw, PRINCIPALS), draw);
  return { request, documents: drawDocuments(request, draw) };
}

/** A request of a caller. */
export function drawRequest(principal: Principal, draw: Draw): Request {
  const [action, resources] = callFor(principal, draw);
  const resource = draw.one(resources);
  const noAccount = /^arn:[^:]*:[^:]*:[^:]*::/.test(resource);
  return {
    action: mixedCase(action, draw),
    resource,
    principal,
    context: drawContext(principal, draw),
    ...(noAccount && draw.chance(0.4) && { resourceAccount: draw.one([OWN, OTHER]) }),
  };
}

function callFor(principal: Principal, draw: Draw): (typeof CALLS)[number] {
  if (principal.kind === 'web-identity')
    return [
      'sts:AssumeRoleWithWebIdentity',
      [`arn:aws:iam::${OWN}:role/ops/target`, `arn:aws:iam::${OTHER}:role/target`],
    ];
  // What a service refuses by rules of its own is no part of the reference: docs/policy-engine.md lists those rules.
  const unsuited: Partial<Record<Principal['kind'], RegExp>> = {
    root: /^(sts|kms):/,
    'federated-user': /^sts:/,
    anonymous: /^(?!s3:|sqs:)/,
  };
  return draw.one(CALLS.filter(([action]) => !unsuited[principal.kind]?.test(action)));
}

/** Policies for a request: all kinds that can bear on its caller. */
export function drawDocuments(request: Request, draw: Draw): PolicyDocuments {
  const policy = (kind: Kind, allows: number) => drawPolicy(kind, allows, request, draw);
  const { kind } = request.principal;
  const isTrust = /^sts:/i.test(request.action);
  const inAccount = ['user', 'session', 'federated-user'].includes(kind);
  const isSession = kind === 'session' || kind === 'federated-user';
  const needed = isTrust || !inAccount || /^kms:/i.test(request.action);
  return {
    ...(inAccount && { identity: draw.several(0, 2, () => policy('identity', 0.85)) }),
    ...(inAccount && draw.chance(0.2) && { boundary: policy('boundary', 0.9) }),
    ...(isSession &&
      draw.chance(kind === 'session' ? 0.25 : 0.8) && { session: draw.several(1, 2, () => policy('session', 0.9)) }),
    ...(kind === 'session' && draw.chance(0.08) && { scopeDown: draw.several(1, 2, () => policy('session', 0.95)) }),
    ...(draw.chance(needed ? 0.92 : 0.5) && {
      [isTrust ? 'trust' : 'resource']: policy(isTrust ? 'trust' : 'resource', 0.85),
    }),
    ...((inAccount || kind === 'root') &&
      draw.chance(0.15) && { scps: draw.several(1, 2, () => draw.several(1, 2, () => policy('scp', 0.95))) }),
    ...(draw.chance(0.08) && { rcps: [draw.several(1, 2, () => policy('rcp', 0))] }),
    ...(draw.chance(0.06) && { endpoint: policy('endpoint', 0.95) }),
  };
}

type Kind = 'identity' | 'boundary' | 'session' | 'trust' | 'resource' | 'scp' | 'rcp' | 'endpoint';

/** Those that limit are written broad, those that grant narrow. */
const LIMITS: readonly Kind[] = ['boundary', 'session', 'scp', 'endpoint'];

function drawPolicy(kind: Kind, allows: number, request: Request, draw: Draw): object {
  const statements = draw.several(1, 3, () =>
    drawStatement(kind, draw.chance(allows) ? 'Allow' : 'Deny', request, draw),
  );
  const version = draw.chance(0.92) ? { Version: '2012-10-17' } : draw.chance(0.5) ? { Version: '2008-10-17' } : {};
  return {
    ...(kind === 'scp' || kind === 'rcp' ? { Version: '2012-10-17' } : version),
    Statement: draw.oneOrMany(statements),
  };
}

function drawStatement(kind: Kind, effect: 'Allow' | 'Deny', request: Request, draw: Draw): object {
  const broad = effect === 'Allow' && LIMITS.includes(kind) ? 0.6 : 0.15;
  const names = ['trust', 'resource', 'endpoint', 'rcp'].includes(kind);
  const conditions = draw.chance(broad) ? 0 : draw.one([0, 0, 1, 1, 1, 2]);
  return {
    Effect: effect,
    ...(names && drawPrincipal(kind, effect, request, draw)),
    ...drawAction(kind, broad, request, draw),
    ...(kind !== 'trust' && drawResource(kind, broad, request, draw)),
    ...(conditions > 0 && { Condition: drawCondition(conditions, request, draw) }),
  };
}

function drawAction(kind: Kind, broad: number, { action }: Request, draw: Draw): object {
  const [service = '', name = ''] = action.split(':');
  if (kind === 'trust')
    return {
      Action: draw.oneOrMany([draw.chance(0.85) ? action : draw.one(['sts:*', 'sts:TagSession', 'sts:assumerole*'])]),
    };
  if (kind === 'rcp') return { Action: draw.oneOrMany([draw.one([`${service}:*`, action, 's3:*', 'kms:*'])]) };
  const pattern = () => {
    if (draw.chance(broad)) return '*';
    if (draw.chance(0.25))
      return draw.one(['ec2:*', 's3:Get*', 'iam:PassRole', 's3:*Object', 'SQS:*', 'kms:?ecrypt', 'logs:Put?ogEvents']);
    return draw.one([
      action,
      mixedCase(action, draw),
      `${service}:*`,
      `${service}:${name.slice(0, 3)}*`,
      `${service}:?${name.slice(1)}`,
      `${service}:*${name.slice(-4)}`,
    ]);
  };
  if (draw.chance(0.1))
    return {
      NotAction: draw.oneOrMany(draw.several(1, 2, () => draw.one(['iam:*', 'sts:*', 'ec2:*', 's3:Get*', action]))),
    };
  return { Action: draw.oneOrMany(draw.several(1, 2, pattern)) };
}

function drawResource(kind: Kind, broad: number, { resource }: Request, draw: Draw): object {
  const parts = resource.split(':');
  const head = parts.slice(0, 5).join(':');
  const name = parts.slice(5).join(':');
  const folder = name.split('/')[0];
  const pattern = (): string => {
    if (resource === '*' ? draw.chance(0.75) : draw.chance(broad)) return '*';
    if (draw.chance(0.004)) return draw.one(MALFORMED);
    if ((kind === 'identity' || draw.chance(0.1)) && draw.chance(0.03)) return draw.one(INCOMPLETE);
    if (resource === '*' || draw.chance(0.15)) return draw.one(ELSEWHERE);
    if (draw.chance(0.03)) return `${parts.slice(0, 4).join(':')}:\${aws:PrincipalAccount}:${name}`;
    if (draw.chance(0.25))
      return draw
        .one(VARIABLES)
        .replace('HEAD', head)
        .replace('FOLDER', folder ?? '');
    return draw.one([
      resource,
      `${head}:*`,
      `${head}:${name.slice(0, -1)}?`,
      `${head}:${name.slice(0, 2)}*${name.slice(-1)}`,
      `${head}:${folder}/*`,
      `${head}:${name.toUpperCase()}`,
      `${parts.slice(0, 3).join(':')}:*:*:${name}`,
      `arn:*:${parts[2]}:${parts[3]?.slice(0, 3)}*:${parts[4]}:*`,
    ]);
  };
  const entries = draw.oneOrMany(draw.several(1, 2, pattern));
  return draw.chance(kind === 'rcp' ? 0 : 0.1) ? { NotResource: entries } : { Resource: entries };
}

const MALFORMED = [
  'arn::s3:::reports/*',
  'arn:aws::::reports',
  'arm:aws:s3:::reports',
  'reports/*',
  `arn:aws:sqs:\${aws:RequestedRegion}:${OWN}:jobs`,
];
const INCOMPLETE = [
  'arn:aws:s3',
  'arn:aws:sqs',
  'arn:aws:s3:*',
  'arn:aws:sqs:eu-central-1',
  `arn:aws:dynamodb:*:${OWN}`,
  'arn:aws:kms:*:*',
];
const ELSEWHERE = [
  'arn:aws:s3:::private/*',
  `arn:aws:sqs:*:${OTHER}:*`,
  `arn:aws:iam::${OWN}:role/*`,
  'arn:aws:s3:::*',
  'arn:aws-cn:s3:::*',
];
const VARIABLES = [
  'HEAD:FOLDER/${aws:PrincipalTag/team}/*',
  'HEAD:*${aws:PrincipalTag/team}*',
  'HEAD:*/${aws:username}/*',
  "HEAD:*${aws:PrincipalTag/team, 'blue'}*",
  "HEAD:FOLDER/${AWS:principaltag/Team, 'red'}/*",
  'HEAD:${s3:prefix}*',
  'HEAD:*${*}*',
  'HEAD:${aws:TagKeys}*',
];

function drawPrincipal(kind: Kind, effect: 'Allow' | 'Deny', { principal }: Request, draw: Draw): object {
  if (kind === 'rcp') return { Principal: '*' };
  if (kind === 'endpoint') return { Principal: draw.one<unknown>(['*', { AWS: '*' }]) };
  const session = `arn:aws:sts::${OWN}:assumed-role/deploy/build-7`;
  const federated = `arn:aws:sts::${OWN}:federated-user/bob`;
  const own = {
    user: USER,
    session,
    root: OWN,
    'federated-user': federated,
    service: '*',
    anonymous: '*',
    'web-identity': '*',
    saml: '*',
  }[principal.kind];
  const aws = () =>
    draw.chance(0.5)
      ? draw.one([own, principal.kind === 'session' ? ROLE : USER, OWN, `arn:aws:iam::${OWN}:root`])
      : draw.one([
          '*',
          USER,
          ROLE,
          session,
          federated,
          OTHER,
          `arn:aws:iam::${OTHER}:root`,
          `arn:aws:iam::${OTHER}:role/app/deploy`,
        ]);
  if (kind === 'resource' && effect === 'Deny' && draw.chance(0.3))
    return {
      NotPrincipal: {
        AWS: [
          ...new Set(
            draw
              .several(1, 3, aws)
              .filter((one) => one !== '*')
              .concat(draw.chance(0.7) ? [OWN] : [USER]),
          ),
        ],
      },
    };
  if (principal.kind === 'service' || draw.chance(0.05))
    return {
      Principal: {
        Service: draw.oneOrMany([
          draw.one(['delivery.logs.amazonaws.com', 'delivery.logs.amazonaws.com', 'ec2.amazonaws.com']),
        ]),
      },
    };
  if (principal.kind === 'web-identity' && draw.chance(0.8))
    return { Principal: { Federated: draw.one([principal.provider, principal.provider, 'accounts.google.com']) } };
  return { Principal: draw.chance(0.15) ? '*' : { AWS: draw.oneOrMany([...new Set(draw.several(1, 2, aws))]) } };
}

function mixedCase(text: string, draw: Draw): string {
  if (draw.chance(0.75)) return text;
  return draw.one([
    text.toLowerCase(),
    text.toUpperCase(),
    [...text].map((one) => (draw.chance(0.5) ? one.toUpperCase() : one)).join(''),
  ]);
}

function weighted<T>(draw: Draw, choices: readonly (readonly [weight: number, T])[]): T {
  let left = draw.number() * choices.reduce((sum, [weight]) => sum + weight, 0);
  for (const [weight, choice] of choices) {
    left -= weight;
    if (left < 0) return choice;
  }
  return choices[0]?.[1] as T;
}
