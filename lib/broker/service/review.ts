/**
 * Calls the reviewer and validates the answer. If the answer is invalid, calls the reviewer once more with the faults.
 */
import { canonicalJson, type Json } from '../canonical';
import type { DenialCode, EventBody, Review } from '../lease/event';
import { ReviewerFailed } from '../port-errors';
import type { ReviewerPort } from '../ports';
import { readAnswer } from '../verdict/answer';
import { questionOf } from '../verdict/question';
import { type Granted, type Offer, validate, withoutReviewer } from '../verdict/validate';
import type { Deps } from './deps';

/** The outcome of a request, with the events that explain the outcome. */
export type Outcome =
  | (Granted & { readonly events: readonly EventBody[] })
  | {
      readonly kind: 'denied';
      readonly code: DenialCode;
      readonly because: string;
      readonly events: readonly EventBody[];
    };

/** Maximum number of reviewer calls for one request. */
const MOST_TRIES = 2;

/**
 * Decides a request, with or without a reviewer, as defined by the role.
 * @param beforeReview Runs before the reviewer is called. If `beforeReview` denies the request, the reviewer is not
 *   called.
 */
export async function decide(
  deps: Deps,
  offer: Offer,
  policy: string,
  beforeReview: () => Promise<Extract<Outcome, { kind: 'denied' }> | undefined>,
): Promise<Outcome> {
  const { asked } = offer;
  const role = asked.by === 'role' ? offer.roles.find((brokered) => brokered.role.name === asked.role) : undefined;
  if (asked.by === 'role' && role === undefined) {
    return denied('not-eligible', 'The role does not exist, or the requester is not eligible for it.');
  }
  if (offer.roles.length === 0) return denied('not-eligible', 'The requester is eligible for no role.');

  // Faults in the request itself are reported before a model is called.
  const alone = role === undefined ? undefined : withoutReviewer(offer);
  if (alone?.kind === 'invalid') return refusedBy(alone.problems);
  if (alone !== undefined && role?.reviewer === 'off') return { ...alone, events: [] };
  if (deps.reviewer === undefined) {
    return alone === undefined
      ? denied('invalid-request', 'Requests by intent need a reviewer, but this broker has no reviewer.')
      : withHuman(alone, []);
  }

  const refused = await beforeReview();
  if (refused !== undefined) return refused;
  const reviewed = await review(deps.reviewer, offer, policy);
  const { events } = reviewed;
  if (reviewed.kind === 'grant') return reviewed;
  // An advising reviewer never decides: after its denial or failure, a human decides.
  if (alone !== undefined && role?.reviewer === 'advise') return withHuman(alone, events);
  return reviewed.kind === 'no'
    ? { kind: 'denied', code: 'reviewer-denied', because: 'The reviewer denied the request.', events }
    : { kind: 'denied', code: 'reviewer-failed', because: 'The reviewer gave no valid answer.', events };
}

type Reviewed =
  | Extract<Outcome, { kind: 'grant' }>
  | { readonly kind: 'no' | 'failed'; readonly events: readonly EventBody[] };

async function review(reviewer: ReviewerPort, offer: Offer, policy: string): Promise<Reviewed> {
  const question = questionOf(offer, policy);
  const events: EventBody[] = [];
  const say = (said: Review) => events.push({ type: 'reviewed', model: reviewer.model, review: said });
  let feedback: readonly string[] | undefined;
  for (let tries = 1; tries <= MOST_TRIES; tries += 1) {
    let answer: unknown;
    try {
      answer = await reviewer.review(question, feedback);
    } catch (error) {
      // Any error counts as a missing answer.
      say({ decision: 'failed', sentence: error instanceof ReviewerFailed ? error.message : 'the reviewer failed' });
      return { kind: 'failed', events };
    }
    const validated = validate(answer, offer);
    if (validated.kind === 'invalid') {
      feedback = validated.problems.map(({ message }) => message);
      const sentence = sentenceOf(`The answer was not valid: ${feedback.join(' ')}`);
      say({ decision: 'failed', sentence, answer: clipped(answer) });
      continue;
    }
    say(saidIn(answer));
    if (validated.kind === 'denied') return { kind: 'no', events };
    return { ...validated, events };
  }
  return { kind: 'failed', events };
}

/** The grant as requested, which at least one human must decide. */
function withHuman(granted: Granted, events: readonly EventBody[]): Outcome {
  return { ...granted, humans: Math.max(1, granted.humans), events };
}

function refusedBy(problems: readonly { readonly code: DenialCode; readonly message: string }[]): Outcome {
  const because = problems.map(({ message }) => message).join(' ');
  return denied(problems[0]?.code ?? 'invalid-request', because);
}

function denied(code: DenialCode, because: string): Outcome {
  return { kind: 'denied', code, because, events: [] };
}

/** The part of a valid answer that is shown to approvers. */
function saidIn(answer: unknown): Review {
  const read = readAnswer(answer);
  if ('faults' in read) return { decision: 'failed', sentence: 'The answer was not valid.' };
  return { decision: read.decision, risk: read.risk, sentence: sentenceOf(read.sentence), answer: clipped(answer) };
}

/**
 * A model's text in a form that can be recorded: limited in length, and without lone surrogates, which cannot be
 * hashed.
 */
function sentenceOf(text: string): string {
  return [...Buffer.from(text, 'utf8').toString('utf8')].slice(0, LONGEST_SENTENCE).join('');
}

/** An answer in a form that can be recorded: any JSON. A long answer is replaced by a note. */
function clipped(answer: unknown): Json {
  try {
    const text = JSON.stringify(answer);
    if (text !== undefined && text.length <= LONGEST_ANSWER) {
      const json = JSON.parse(text) as Json;
      // A value without a canonical form cannot be hashed.
      canonicalJson(json);
      return json;
    }
    return `an answer of ${text?.length ?? 0} characters`;
  } catch {
    return 'an answer that is not JSON';
  }
}

const LONGEST_ANSWER = 8000;
const LONGEST_SENTENCE = 500;
