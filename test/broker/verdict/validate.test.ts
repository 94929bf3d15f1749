/** What the validator makes of a reviewer's answer. */

import { isEligible } from '../../../lib/broker/rules';
import { type Offer, type RequestedScope, validate, withoutReviewer } from '../../../lib/broker/verdict/validate';
import { AGENT, ALICE, aBrokeredRole, anOffer } from '../support';

const ANSWER = {
  decision: 'allow',
  role: 's3-deploy',
  actions: ['s3:PutObject'],
  parameters: { release: '1.4.2' },
  minutes: 5,
  risk: 'low',
  sentence: 'An upload of one release.',
};

function verdict(answer: unknown, overrides: Partial<Offer> = {}): string {
  const judged = validate(answer, anOffer(overrides));
  if (judged.kind === 'grant') return `grant for ${judged.grant.seconds} s, ${judged.humans} humans`;
  if (judged.kind === 'denied') return `denied: ${judged.because}`;
  return judged.problems.map(({ message }) => message).join(' ');
}

const role = (asked: Partial<Extract<RequestedScope, { by: 'role' }>>): Partial<Offer> => ({
  asked: { by: 'role', role: 's3-deploy', parameters: { release: '1.4.2' }, ...asked },
});

describe('an answer to a request by role', () => {
  it.each<[string, object, Partial<Offer>, string]>([
    ['narrows actions and minutes', {}, {}, 'grant for 300 s, 1 humans'],
    ['asks one more human', { decision: 'escalate' }, {}, 'grant for 300 s, 2 humans'],
    ['denies', { decision: 'deny' }, {}, 'denied: An upload of one release.'],
    ['gives no more time than was asked for', {}, role({ seconds: 60 }), 'grant for 60 s, 1 humans'],
    ['names another role', { role: 'admin' }, {}, 'The request is for `s3-deploy`, not for `admin`.'],
    [
      'changes a parameter',
      { parameters: { release: '1.4.3' } },
      {},
      'The parameters come from the request, and the reviewer cannot change these parameters.',
    ],
    [
      'adds a parameter',
      { parameters: { release: '1.4.2', bucket: 'x' } },
      {},
      'The parameters come from the request, and the reviewer cannot change these parameters.',
    ],
    [
      'adds an action',
      { actions: ['s3:PutObject', 's3:DeleteObject'] },
      {},
      'The role does not allow `s3:DeleteObject`.',
    ],
    [
      'adds an action that the request left out',
      { actions: ['s3:GetObject'] },
      role({ actions: ['s3:PutObject'] }),
      'The request does not ask for `s3:GetObject`.',
    ],
    ['wants an hour', { minutes: 60 }, {}, 'A lease of this role lasts from 1 to 900 seconds.'],
  ])('%s', (_, change, overrides, said) => {
    expect(verdict({ ...ANSWER, ...change }, overrides)).toBe(said);
  });
});

describe('an answer that is none', () => {
  it.each([
    ['nothing', undefined],
    ['a text', 'allow'],
    ['a list', [ANSWER]],
    ['a word that is no decision', { ...ANSWER, decision: 'ALLOW' }],
    ['a further field', { ...ANSWER, resources: ['*'] }],
    ['a policy of its own', { ...ANSWER, policy: { Statement: [] } }],
    ['no actions', { ...ANSWER, actions: [] }],
    ['negative minutes', { ...ANSWER, minutes: -5 }],
    ['infinite minutes', { ...ANSWER, minutes: Number.POSITIVE_INFINITY }],
    ['a hundred pages of sentence', { ...ANSWER, sentence: 'x'.repeat(100_000) }],
  ])('%s', (_, answer) => {
    expect(validate(answer, anOffer()).kind).toBe('invalid');
  });
});

describe('a request by intent', () => {
  const intent: Partial<Offer> = { asked: { by: 'intent' } };

  it('lets the reviewer pick among the roles that are offered, and no others', () => {
    expect(verdict(ANSWER, intent)).toBe('grant for 300 s, 1 humans');
    expect(verdict({ ...ANSWER, parameters: { release: '2.0.0' } }, intent)).toBe('grant for 300 s, 1 humans');
    expect(verdict({ ...ANSWER, role: 'admin' }, intent)).toBe('`admin` is not one of the offered roles.');
    expect(verdict(ANSWER, { ...intent, roles: [] })).toBe('`s3-deploy` is not one of the offered roles.');
  });

  it('is refused where there is no reviewer', () => {
    expect(withoutReviewer(anOffer(intent))).toMatchObject({ kind: 'invalid' });
  });
});

describe('without a reviewer', () => {
  it('a request by role gets what it asks for, inside the role', () => {
    expect(withoutReviewer(anOffer())).toMatchObject({ kind: 'grant', humans: 1, grant: { seconds: 600 } });
    expect(withoutReviewer(anOffer(role({ actions: ['s3:DeleteObject'] })))).toMatchObject({ kind: 'invalid' });
  });
});

describe('who is eligible', () => {
  it.each([
    ['an agent by name', AGENT, {}, true],
    ['an agent never by group', { ...AGENT, name: 'other', groups: ['staff'] }, {}, false],
    ['a person by group', ALICE, {}, true],
    ['a person never by name', { ...ALICE, name: 'hermes', groups: [] }, {}, false],
    ['nobody by default', AGENT, { eligible: { agents: [], groups: [] } }, false],
  ])('%s', (_, requester, overrides, eligible) => {
    expect(isEligible(aBrokeredRole(overrides), requester)).toBe(eligible);
  });
});
