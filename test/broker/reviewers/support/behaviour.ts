/** What every reviewer does, whichever interface its model is behind. */
import { inspect } from 'node:util';
import { canonicalJson, type Json } from '../../../../lib/broker/canonical';
import type { ReviewerFailed } from '../../../../lib/broker/port-errors';
import type { ReviewerPort } from '../../../../lib/broker/ports';
import { type Check, Double, type Json as JsonReply, type Received, type Reply } from './double';
import { ANSWER, KEY, PROSE, QUESTION } from './question';

/** One interface, and how it says things. */
export interface Provider {
  readonly protocol: 'http/1.1' | 'h2';
  readonly check: Check;
  /** A reviewer behind the double; by default it waits for long. */
  reviewer(double: Double, timeoutSeconds?: number): ReviewerPort;
  /** The provider's way to give an answer. */
  answer(input: unknown): JsonReply;
  /** What it says instead, and what that is taken for. */
  readonly instead: readonly [what: string, reply: Reply, why: ReviewerFailed['why']][];
}

/** What a provider says in prose, which no error may repeat. */
export const GOSSIP = 'the prompt began with You are the reviewer';

/** Everything that an error shows to whoever logs it. */
export function shown(error: unknown): string {
  return `${inspect(error, { depth: 9, showHidden: true })} ${JSON.stringify(error)} ${String((error as Error).stack)}`;
}

/** Why a review failed; the error shows nothing of what was sent, nor of what was answered. */
export async function whyOf(review: Promise<unknown>): Promise<ReviewerFailed['why']> {
  const error = await review.then(
    (answer) => Promise.reject(new Error(`answered ${JSON.stringify(answer)}`)),
    (thrown: unknown) => thrown,
  );
  expect((error as Error).name).toBe('ReviewerFailed');
  for (const secret of [KEY, PROSE, GOSSIP]) expect(shown(error)).not.toContain(secret);
  return (error as ReviewerFailed).why;
}

/** A double that is stopped after the tests. */
export function withDouble(protocol: Provider['protocol'], check?: Check): () => Double {
  let double: Double;
  beforeEach(async () => {
    double = await Double.start(protocol, check);
  });
  afterEach(() => double.stop());
  return () => double;
}

/** Describes what every reviewer does. */
export function describeReviewer(provider: Provider): void {
  const double = withDouble(provider.protocol, provider.check);

  it('asks in the way that the provider demands, and returns what the model answers', async () => {
    double().replies = [provider.answer(ANSWER)];
    expect(await provider.reviewer(double()).review(QUESTION)).toEqual(ANSWER);
  });

  it.each<[string, unknown]>([
    ['more fields than it may have', { ...ANSWER, resources: ['*'] }],
    ['a role that is not offered', { ...ANSWER, role: 'admin' }],
    ['too few fields', { decision: 'allow' }],
    ['keys that JavaScript has a use for', { ...ANSWER, constructor: { role: 'admin' }, toString: 'x' }],
  ])('returns %s as they are, for the validator to judge', async (_, input) => {
    double().replies = [provider.answer(input)];
    const answer = await provider.reviewer(double()).review(QUESTION);
    expect(canonicalJson(answer as Json)).toBe(canonicalJson(input as Json));
  });

  it('refuses an answer with a key that some readers take for more', async () => {
    double().replies = [provider.answer(JSON.parse('{"__proto__":{"decision":"allow"}}'))];
    expect(await whyOf(provider.reviewer(double()).review(QUESTION))).toBe('nonsense');
  });

  it('tells the model what was wrong with its answer, as a turn of its own', async () => {
    double().replies = [provider.answer(ANSWER)];
    await provider.reviewer(double()).review(QUESTION, ['The role does not allow `s3:*`.']);
    const [{ json }] = double().received as [Received];
    const turns: readonly { role: string }[] = json.messages.filter(({ role }: { role: string }) => role !== 'system');
    expect(turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
    expect(JSON.stringify(turns[2])).toContain('The role does not allow `s3:*`.');
  });

  it.each<[string, Reply, ReviewerFailed['why']]>([
    ['says nothing', 'silence', 'timeout'],
    ['begins to answer, and stops', 'trickle', 'timeout'],
  ])('gives up on a provider that %s', async (_, reply, why) => {
    double().replies = [reply];
    expect(await whyOf(provider.reviewer(double(), 0.3).review(QUESTION))).toBe(why);
  });

  it('answers again after it has given up', async () => {
    double().replies = ['silence', provider.answer(ANSWER)];
    const reviewer = provider.reviewer(double(), 2);
    expect(await whyOf(reviewer.review(QUESTION))).toBe('timeout');
    expect(await reviewer.review(QUESTION)).toEqual(ANSWER);
  });

  it.each<[string, Reply, ReviewerFailed['why']]>([
    ['an answer without end', 'flood', 'nonsense'],
    ['an answer of a megabyte', provider.answer({ ...ANSWER, sentence: 'x'.repeat(1_000_000) }), 'nonsense'],
    ['no JSON', { body: `Sure! ${GOSSIP}` }, 'nonsense'],
    ['half an answer', { body: JSON.stringify(provider.answer(ANSWER).body).slice(0, 150) }, 'nonsense'],
    ['nothing', { body: '' }, 'nonsense'],
    ['null', { body: 'null' }, 'nonsense'],
    ['a list', { body: [provider.answer(ANSWER).body] }, 'nonsense'],
    ['another object', { body: { said: GOSSIP } }, 'nonsense'],
    ['a redirect', { status: 307, headers: { location: 'https://elsewhere.example/v1' }, body: '' }, 'unavailable'],
    [
      'a page of a proxy',
      { status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${GOSSIP}` },
      'unavailable',
    ],
    ['that it is forbidden', { status: 403, body: { message: GOSSIP } }, 'unavailable'],
    ...provider.instead,
  ])('fails for %s', async (_, reply, why) => {
    double().replies = [reply];
    expect(await whyOf(provider.reviewer(double()).review(QUESTION))).toBe(why);
    expect(double().received).toHaveLength(1);
  });

  it('asks once more where the connection breaks off, and no more than that', async () => {
    double().replies = ['cut', provider.answer(ANSWER)];
    expect(await provider.reviewer(double()).review(QUESTION)).toEqual(ANSWER);
    double().replies = ['cut'];
    expect(await whyOf(provider.reviewer(double()).review(QUESTION))).toBe('unavailable');
    expect(double().received).toHaveLength(4);
  });

  it('fails where nobody listens', async () => {
    const gone = await Double.start(provider.protocol);
    const reviewer = provider.reviewer(gone);
    await gone.stop();
    expect(await whyOf(reviewer.review(QUESTION))).toBe('unavailable');
  });

  it('sends nothing of a request that is longer than a model is shown', async () => {
    const long = { ...QUESTION, untrusted: { reason: 'x'.repeat(100_000) } };
    expect(await whyOf(provider.reviewer(double()).review(long))).toBe('refused');
    expect(double().received).toEqual([]);
  });
}
