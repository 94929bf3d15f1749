/** What becomes of a request that a model reads: by role and by intent, well and badly. */
import { ReviewerFailed } from '../../../lib/broker/port-errors';
import type { ReviewerPort } from '../../../lib/broker/ports';
import { policyOf } from '../../../lib/broker/service/principals';
import type { ReviewerQuestion } from '../../../lib/broker/verdict/question';
import { aBank, aBrokerOver, personArn, REASON, rules } from './support';

const LOGS = { role: 'log-read', reason: REASON };
const FAIR = {
  decision: 'allow',
  role: 'log-read',
  actions: ['s3:GetObject'],
  parameters: {},
  minutes: 5,
  risk: 'low',
  sentence: 'Reading logs is what the agent is for.',
};

/** A broker whose `log-read` has a reviewer that says these things, one a question. */
function reviewedBy(mode: 'advise' | 'decide', ...says: readonly unknown[]) {
  const questions: { readonly question: ReviewerQuestion; readonly feedback: readonly string[] | undefined }[] = [];
  const left = [...says];
  const reviewer: ReviewerPort = {
    model: 'test/model',
    review: async (question, feedback) => {
      questions.push({ question, feedback });
      const said = left.shift();
      if (said instanceof Error) throw said;
      return said;
    },
  };
  const bank = aBank();
  const roles = bank.roles.map((role) =>
    role.name === 'log-read' ? { ...role, broker: rules({ reviewer: mode }) } : role,
  );
  return { ...aBrokerOver({ ...bank, roles }, { reviewer }), questions };
}

describe('a reviewer that decides', () => {
  it('lets a request through, for as long as it says, and is on record', async () => {
    const { call } = reviewedBy('decide', FAIR);
    const { status, body } = await call('request', { body: LOGS });
    expect([status, body.lease.grant.seconds]).toEqual([201, 300]);
    expect(body.lease.review).toEqual({
      model: 'test/model',
      decision: 'allow',
      risk: 'low',
      sentence: FAIR.sentence,
    });
  });

  it('denies, and its no is a no', async () => {
    const { call, world } = reviewedBy('decide', { ...FAIR, decision: 'deny' });
    expect((await call('request', { body: LOGS })).body.code).toBe('reviewer-denied');
    expect(world.cuts).toEqual([]);
  });

  it('sends a request to a human who would not have been asked', async () => {
    const { call } = reviewedBy('decide', { ...FAIR, decision: 'escalate', risk: 'high' });
    const { status, body } = await call('request', { body: LOGS });
    expect([status, body.lease.approval.humans]).toEqual([202, 1]);
  });

  it('is told what was wrong with its answer, once', async () => {
    const { call, questions } = reviewedBy('decide', { ...FAIR, actions: ['s3:*'] }, FAIR);
    expect((await call('request', { body: LOGS })).status).toBe(201);
    expect(questions.map(({ feedback }) => feedback)).toEqual([undefined, ['The role does not allow `s3:*`.']]);
  });

  it.each([
    ['two answers that want more', { ...FAIR, role: 'ops-read' }, { ...FAIR, role: 'ops-read' }],
    ['nonsense', 'Sure! Here you go.', ''],
    ['half a character', { ...FAIR, role: '\ud800' }, { ...FAIR, sentence: '\ud800', role: 'x' }],
    ['a timeout', new ReviewerFailed('timeout'), FAIR],
    ['throttling', new ReviewerFailed('throttled'), FAIR],
    ['a refusal', new ReviewerFailed('refused'), FAIR],
    ['a fault that nobody foresaw', new Error('with a secret'), FAIR],
  ])('fails closed by %s', async (_, ...says) => {
    const { call, world, questions } = reviewedBy('decide', ...says);
    const { status, body } = await call('request', { body: LOGS });
    expect([status, body.code]).toEqual([403, 'reviewer-failed']);
    expect(world.told(body.lease)).toEqual(['requested', ...questions.map(() => 'reviewed'), 'denied']);
    expect(JSON.stringify([...world.events])).not.toContain('secret');
  });

  it('puts a sentence on record that holds half a character, without it', async () => {
    const { call } = reviewedBy('decide', { ...FAIR, sentence: `It fits \ud800` });
    expect((await call('request', { body: LOGS })).body.lease.review.sentence).toBe('It fits \ufffd');
  });
});

describe('the policy that the reviewer reads', () => {
  const stored = { policy: 'No logs of payments.', groups: [], version: 1, changedBy: 'root', changedAt: 1 };
  it.each([
    ['an agent without a document', 'agent', stored.policy],
    ['a person', 'lead', stored.policy],
    ['a person whose document is gone', 'kim', ''],
  ])('of %s', (_, name, policy) => {
    const environment = { ...aBank(), principals: aBank().principals.filter(({ kind }) => kind === 'person') };
    expect(policyOf({ environment }, name, stored)).toBe(policy);
  });
});

describe('a reviewer that advises', () => {
  it.each([
    ['its no', { ...FAIR, decision: 'deny', sentence: 'At night?' }, 'deny'],
    ['its silence', new ReviewerFailed('timeout'), 'failed'],
  ])('leaves the decision to a human by %s', async (_, said, decision) => {
    const { call } = reviewedBy('advise', said);
    const { status, body } = await call('request', { body: LOGS });
    expect([status, body.lease.state, body.lease.approval.humans]).toEqual([202, 'pending', 1]);
    expect(body.lease.review.decision).toBe(decision);
    const path = { lease: body.lease.id };
    await call('approve', { as: personArn('approver', 'lead'), path, body: { hash: body.lease.grant.hash } });
    expect((await call('collect', { path })).status).toBe(200);
  });
});

describe('a request by intent', () => {
  it('is answered out of what the requester is eligible for, and of what a reviewer may pick', async () => {
    const { call, questions } = reviewedBy('decide', FAIR);
    const { status, body } = await call('request', { body: { intent: REASON } });
    expect([status, body.lease.grant.role, body.lease.grant.reason]).toEqual([201, 'log-read', REASON]);
    expect(questions[0]?.question.roles.map(({ name }) => name)).toEqual(['log-read']);
    expect(questions[0]?.question.untrusted).toEqual({ reason: REASON });
  });

  it('gets nothing that is for others, whatever the reviewer says', async () => {
    const wrong = { ...FAIR, role: 'ops-read' };
    const { call, world } = reviewedBy('decide', wrong, wrong);
    expect((await call('request', { body: { intent: REASON } })).body.code).toBe('reviewer-failed');
    expect(world.cuts).toEqual([]);
  });
});
