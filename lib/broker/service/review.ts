/** Asks the reviewer, holds its answer against the validator, and asks once more with what was wrong. */
import { canonicalJson, type Json } from '../canonical';
import type { DenialCode, EventBody, Review } from '../lease/event';
import { ReviewerFailed, type ReviewerPort } from '../ports';
import { readAnswer } from '../verdict/answer';
import { questionOf } from '../verdict/question';
import { type Granted, type Offer, validate, withoutReviewer } from '../verdict/validate';
import type { Deps } from './deps';

/** What is to become of a request, with the events that say how it came to it. */
export type Outcome =
  | (Granted & { readonly events: readonly EventBody[] })
  | {
      readonly kind: 'denied';
      readonly code: DenialCode;
      readonly because: string;
      readonly events: readonly EventBody[];
    };

/** Times that the reviewer is asked about one request. */
const MOST_TRIES = 2;

/**
 * Decides a request, with or without a reviewer, as the role says.
 * @param beforeReview Runs before a reviewer is asked; what it denies no reviewer is asked about.
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

  // What the request itself gets wrong is said before a model is asked.
  const alone = role === undefined ? undefined : withoutReviewer(offer);
  if (alone?.kind === 'invalid') return refusedBy(alone.problems);
  if (alone !== undefined && role?.reviewer === 'off') return { ...alone, events: [] };
  if (deps.reviewer === undefined) {
    return alone === undefined
      ? denied('invalid-request', 'Requests by intent need a reviewer, and this broker has none.')
      : withHuman(alone, []);
  }

  const refused = await beforeReview();
  if (refused !== undefined) return refused;
  const reviewed = await review(deps.reviewer, offer, policy);
  const { events } = reviewed;
  if (reviewed.kind === 'grant') return reviewed;
  // An advising reviewer never has the last word: its no, and its silence, leave the decision to a human.
  if (alone !== undefined && role?.reviewer === 'advise') return withHuman(alone, events);
  return reviewed.kind === 'no'
    ? { kind: 'denied', code: 'reviewer-denied', because: 'The reviewer denied the request.', events }
    : { kind: 'denied', code: 'reviewer-failed', because: 'The reviewer came to no valid answer.', events };
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
      // Whatever it is that went wrong, there is no answer.
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

/** The grant as it was asked for, which at least one human decides. */
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

/** What a valid answer said, for approvers. */
function saidIn(answer: unknown): Review {
  const read = readAnswer(answer);
  if ('faults' in read) return { decision: 'failed', sentence: 'The answer was not valid.' };
  return { decision: read.decision, risk: read.risk, sentence: sentenceOf(read.sentence), answer: clipped(answer) };
}

/** A model's text as the record can hold it: of bounded length, and without half characters, which cannot be hashed. */
function sentenceOf(text: string): string {
  return [...Buffer.from(text, 'utf8').toString('utf8')].slice(0, LONGEST_SENTENCE).join('');
}

/** An answer as far as the record holds it: any JSON, of which a long one is only named. */
function clipped(answer: unknown): Json {
  try {
    const text = JSON.stringify(answer);
    if (text !== undefined && text.length <= LONGEST_ANSWER) {
      const json = JSON.parse(text) as Json;
      // What cannot be written canonically cannot be hashed.
      canonicalJson(json);
      return json;
    }
    return `an answer of ${text?.length ?? 0} characters`;
  } catch {
    return 'an answer that is no JSON';
  }
}

const LONGEST_ANSWER = 8000;
const LONGEST_SENTENCE = 500;
