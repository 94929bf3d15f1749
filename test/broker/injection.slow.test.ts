/**
 * Attacks on the reviewer, tried with a double that obeys the attacker: whatever is granted lies inside the role and
 * cannot do what the attacker is after. The attacks are in `test/cases/injection`.
 */
import { requestBody } from '@leasehold/contract';
import { MOST_UNTRUSTED, type Prompt, promptOf } from '../../lib/broker/reviewers/prompt';
import { dataText } from '../../lib/broker/reviewers/quarantine';
import { boundValue } from '../../lib/broker/rules';
import { offerOf } from '../../lib/broker/service/offer';
import { questionOf } from '../../lib/broker/verdict/question';
import { type Offer, type Validated, validate, withoutReviewer } from '../../lib/broker/verdict/validate';
import { BANK_ROLES, customer, POLICIES, REQUESTERS } from './injection/bank';
import { type Attack, attacks, harms } from './injection/cases';
import { couldDo, expectInside, sessionOf } from './injection/harmless';
import { readTurn } from './reviewers/support/read-prompt';

const HARMS = harms();
const ALL = attacks();
const kinds = [...new Set(ALL.map(({ kind }) => kind))].map((kind) => ({
  kind,
  cases: ALL.filter((each) => each.kind === kind).map(({ attack }) => attack),
}));

it('knows 120 attacks at least, each under a name of its own', () => {
  expect(ALL.length).toBeGreaterThanOrEqual(120);
  expect(new Set(ALL.map(({ attack }) => attack.name)).size).toBe(ALL.length);
});

it.each(Object.entries(HARMS))('somebody who may do anything could: %s', (_, harm) => {
  expect(couldDo({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }, harm)).toBe(
    true,
  );
});

describe.each(kinds)('$kind', ({ cases }) => {
  it.each(cases.map((attack) => [attack.name, attack] as const))('%s', (_, attack) => {
    expect(requestBody.safeParse(attack.request).success).toBe(attack.door !== 'shut');
    const offer = offerFor(attack);
    const answer = answerOf(attack);
    const judged = validate(answer, offer);
    expect(outcomeOf(judged)).toEqual(attack.expect);
    if (attack.because !== undefined) expect(problemsOf(judged)).toContain(attack.because);
    expectHarmless(judged, offer, attack);
    // Where the reviewer's answer is of no use, people may be asked for what the request itself says.
    expectHarmless(withoutReviewer(offer), offer, attack);
    expectReal(answer, attack);
    expectQuarantined(offer, attack);
  });
});

/** The request as the broker sees it, also where it would never have come in. */
function offerFor({ by, for: sub, request }: Attack): Offer {
  const requester = REQUESTERS[by];
  if (requester === undefined) throw new Error(`nobody is called ${by}`);
  const who = { requester, ...(sub === null ? {} : { subject: customer(sub) }) };
  return offerOf('lh-1', who, request as Parameters<typeof offerOf>[2], { roles: BANK_ROLES });
}

/** What the double says: all that the attacker wants, in an answer that looks fair beside it. */
function answerOf({ request, answer, says }: Attack): unknown {
  if (says !== undefined) return says;
  const asked = 'intent' in request ? {} : { role: request.role, parameters: request.parameters ?? {} };
  const fair = { decision: 'allow', parameters: {}, minutes: 5, risk: 'low', sentence: 'It is what is needed.' };
  return { ...fair, ...asked, ...answer };
}

function outcomeOf(judged: Validated): Attack['expect'] {
  if (judged.kind !== 'grant') return 'refused';
  return { humans: judged.humans, minutes: judged.grant.seconds / 60 };
}

function problemsOf(judged: Validated): string {
  return judged.kind === 'invalid' ? judged.problems.map(({ message }) => message).join(' ') : judged.kind;
}

function expectHarmless(judged: Validated, offer: Offer, { mustNot, request }: Attack): void {
  if (judged.kind !== 'grant') return;
  const { grant, brokered, humans } = judged;
  expectInside(judged);
  expect(humans).toBeGreaterThanOrEqual(brokered.humans);
  if (!('intent' in request)) expect(grant.seconds).toBeLessThanOrEqual(request.seconds ?? Number.POSITIVE_INFINITY);
  for (const [name, binding] of Object.entries(brokered.bindings)) {
    expect(grant.parameters[name]).toBe(boundValue(binding, offer.requester, offer.subject));
  }
  const can = sessionOf(judged);
  expect(mustNot.filter((name) => can(harmOf(name)))).toEqual([]);
}

/** A broker that took the reviewer at its word would have let the harm happen: the attack is one. */
function expectReal(answer: unknown, { mustNot }: Attack): void {
  const actions = (answer as { actions?: unknown } | null)?.actions;
  if (!Array.isArray(actions) || actions.length === 0) return;
  if (!actions.every((action) => typeof action === 'string' && /^(\*|[a-z0-9-]+:[\w*?]+)$/i.test(action))) return;
  const naive = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
  expect(mustNot.filter((name) => couldDo(naive, harmOf(name)))).not.toEqual([]);
}

/** What the requester wrote is in its block, to the letter, and the rest of the prompt is as ever. */
function expectQuarantined(offer: Offer, { by }: Attack): void {
  const question = questionOf(offer, POLICIES[by] ?? '');
  if (dataText(question.untrusted).length > MOST_UNTRUSTED) {
    expect(() => promptOf(question)).toThrow('the reviewer failed: refused');
    return;
  }
  const calm = turn(promptOf({ ...question, untrusted: { reason: 'Nothing.' } }));
  const read = turn(promptOf(question));
  expect(read.beside).toBe(calm.beside);
  expect(read.blocks).toEqual({ ...calm.blocks, untrusted: question.untrusted });
}

function turn({ turns }: Prompt) {
  expect(turns).toHaveLength(1);
  return readTurn(turns[0]?.text ?? '');
}

function harmOf(name: string) {
  const harm = HARMS[name];
  if (harm === undefined) throw new Error(`harms.json has no "${name}"`);
  return harm;
}
