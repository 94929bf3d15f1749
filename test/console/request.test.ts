/** The form of a request: what is wrong with it, what is sent, and the command for the command line. */

import { spawnSync } from 'node:child_process';
import type { RoleView } from '@leasehold/contract';
import { requestBody } from '@leasehold/contract';
import fc from 'fast-check';
import {
  type Draft,
  faultsOf,
  isFaultless,
  matchingRoles,
  requestOf,
  secondsOf,
  whyNotHere,
} from '../../console/app/request/draft';
import { execCommand } from '../../console/app/request/exec-command';
import { requestableFacts } from '../../lib/broker/core';

const ROLE: RoleView = {
  name: 'shop-deploy',
  arn: 'arn:aws:iam::123456789012:role/hermes-dev-shop-deploy',
  purpose: 'Upload one release of the shop.',
  access: 'write',
  actions: ['s3:PutObject'],
  policy: {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 's3:PutObject',
        Resource: 'arn:aws:s3:::shop/${aws:PrincipalTag/param.stage}/${aws:PrincipalTag/param.release}/*',
      },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    ],
  },
  parameters: {
    release: { description: 'Release folder', pattern: '[a-z0-9][a-z0-9.-]{0,62}' },
    stage: { description: 'Stage', values: ['test', 'live'] },
    person: { description: 'Who', from: 'requester.name' },
  },
  lease: { defaultSeconds: 900, maxSeconds: 1830 },
  humans: 1,
  reviewer: 'off',
};
const GOOD: Draft = {
  reason: ' Upload release 1.4.2  of the shop ',
  parameters: { release: '1.4.2', stage: 'live' },
  minutes: undefined,
};

it('sends what was typed, trimmed, and nothing that the broker chooses', () => {
  expect(faultsOf(ROLE, GOOD)).toEqual({ parameters: {} });
  const body = requestOf(ROLE, { ...GOOD, parameters: { ...GOOD.parameters, person: 'root', more: 'x' }, minutes: 20 });
  expect(body).toEqual({
    role: 'shop-deploy',
    parameters: { release: '1.4.2', stage: 'live' },
    seconds: 1200,
    reason: 'Upload release 1.4.2 of the shop',
  });
  expect(requestBody.safeParse(body).success).toBe(true);
});

it.each<[string, Partial<Draft>, object]>([
  ['no reason', { reason: '' }, { reason: expect.stringContaining('is shorter than') }],
  ['a missing value', { parameters: { stage: 'live' } }, { parameters: { release: expect.any(String) } }],
  [
    'an inherited value',
    { parameters: Object.create({ release: '1', stage: 'live' }) },
    { parameters: { release: expect.any(String), stage: 'Choose one of the values.' } },
  ],
  [
    'a wildcard',
    { parameters: { release: '*', stage: 'live' } },
    { parameters: { release: expect.stringContaining('ASCII') } },
  ],
  ['no minute', { minutes: 0 }, { minutes: 'Enter whole minutes, from 1 to 30.' }],
  ['too long', { minutes: 31 }, { minutes: 'Enter whole minutes, from 1 to 30.' }],
  ['half a minute', { minutes: 0.5 }, { minutes: 'Enter whole minutes, from 1 to 30.' }],
  ['no number', { minutes: Number.NaN }, { minutes: 'Enter whole minutes, from 1 to 30.' }],
])('tells what is wrong: %s', (_, change, faults) => {
  const found = faultsOf(ROLE, { ...GOOD, ...change });
  expect(found).toMatchObject(faults);
  expect(isFaultless(found)).toBe(false);
});

it('never asks for more than the role permits, even for a role of less than a minute', () => {
  const short = { ...ROLE, lease: { defaultSeconds: 30, maxSeconds: 30 } };
  expect(faultsOf(short, { ...GOOD, minutes: 1 })).toEqual({ parameters: {} });
  expect(secondsOf(short, { ...GOOD, minutes: 1 })).toBe(30);
});

it('tells that a role for the user of an application cannot be requested here', () => {
  expect(whyNotHere(ROLE)).toBeUndefined();
  const parameters = { customer: { description: 'The customer', pattern: '.+', from: 'subject.sub' } };
  expect(whyNotHere({ ...ROLE, parameters })).toContain('customer of this role comes from subject.sub');
});

it('shows the permissions with the values that are known, and what it never permits', () => {
  const [permissions] = requestableFacts(ROLE, { parameters: { stage: 'live' }, seconds: 900 }).filter(
    ({ label }) => label === 'Permissions',
  );
  expect(permissions?.lines).toEqual([
    ['may ', 's3:PutObject'],
    ['  on ', 'arn:aws:s3:::shop/live/${param.release}/*'],
    ['never ', 's3:DeleteObject'],
    ['  on ', '*'],
  ]);
});

it('shows no role whose policy it cannot read whole', () => {
  const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', NotAction: 's3:*', Resource: '*' } };
  expect(() => requestableFacts({ ...ROLE, policy }, { parameters: {}, seconds: 900 })).toThrow(
    'cannot be shown whole',
  );
});

it.each<[string, number]>([
  ['', 1],
  ['SHOP upload', 1],
  ['putobject', 1],
  ['shop delete', 0],
])('finds roles by every word: %j', (search, found) => {
  expect(matchingRoles([ROLE], search)).toHaveLength(found);
});

it('is a command in which a shell expands nothing, whatever was typed', () => {
  const typed = fc.string({
    unit: fc.constantFrom(...'ab -\'"$`\\!(){}<>|&;*?~#=é\u05d0'.split('')),
    minLength: 1,
    maxLength: 30,
  });
  fc.assert(
    fc.property(typed, typed, (reason, release) => {
      const command = execCommand({ role: 'shop-deploy', parameters: { release }, seconds: 60, reason }, 'lh-1');
      const script = command.replace(/^leasehold /, "printf '%s\\0' ");
      const { stdout, status } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
      const words = stdout
        .split('\0')
        .slice(0, -1)
        .flatMap((word) => {
          const [, option = '', value = ''] = /^(--reason|--param)=(.*)$/s.exec(word) ?? [];
          return option === '' ? [word] : [option, value];
        });
      expect([status, words]).toEqual([
        0,
        [
          'exec',
          'shop-deploy',
          '--reason',
          reason,
          '--param',
          `release=${release}`,
          '--duration',
          '60',
          '--lease',
          'lh-1',
          '--',
          'COMMAND',
        ],
      ]);
    }),
    { numRuns: 40 },
  );
});
