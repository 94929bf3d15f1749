/** A reviewer behind OpenAI's interface, or a server that speaks it. */
import { openaiReviewer } from '../../../lib/broker/reviewers/openai';
import { describeReviewer, GOSSIP, type Provider, whyOf, withDouble } from './support/behaviour';
import type { Double, Received } from './support/double';
import { aKey } from './support/key';
import { completion, openaiCheck, openaiError, structured } from './support/openai-double';
import { ANSWER, KEY, PROSE, QUESTION } from './support/question';

function reviewer(double: Double, timeoutSeconds = 60, keys = aKey(KEY)) {
  const endpoint = `${double.address}/v1`;
  return openaiReviewer({ provider: 'openai', model: 'gpt-test', endpoint, key: true, timeoutSeconds }, keys);
}

const PROVIDER: Provider = {
  protocol: 'http/1.1',
  check: openaiCheck(),
  reviewer,
  answer: (input) => {
    const fair = typeof input === 'object' && input !== null && 'parameters' in input;
    return completion(fair ? structured(input as typeof ANSWER) : JSON.stringify(input));
  },
  instead: [
    ['a refusal', completion(null, { message: { role: 'assistant', content: null, refusal: GOSSIP } }), 'refused'],
    ['a filtered answer', completion('', { finish_reason: 'content_filter' }), 'refused'],
    ['a request that Azure filtered', openaiError(400, 'content_filter', GOSSIP), 'refused'],
    ['an answer that was cut', completion(structured().slice(0, 40), { finish_reason: 'length' }), 'nonsense'],
    ['a whole answer that was not finished', completion(structured(), { finish_reason: 'length' }), 'nonsense'],
    ['prose', completion(`Allowed. ${GOSSIP}`), 'nonsense'],
    ['JSON in a fence', completion(`\`\`\`json\n${structured()}\n\`\`\``), 'nonsense'],
    ['no text', completion(null), 'nonsense'],
    ['a call of a tool', completion(null, { finish_reason: 'tool_calls' }), 'nonsense'],
    ['no choice', { body: { ...(completion('{}').body as object), choices: [] } }, 'nonsense'],
    ['too many requests', openaiError(429, 'rate_limit_exceeded', GOSSIP), 'throttled'],
    ['no money left', openaiError(429, 'insufficient_quota', GOSSIP), 'throttled'],
    ['an overloaded engine', openaiError(503, null, GOSSIP), 'unavailable'],
    ['an error of its own', openaiError(500, null, GOSSIP), 'unavailable'],
    ['a model that is not there', openaiError(404, 'model_not_found', GOSSIP), 'unavailable'],
    ['a request that is too long', openaiError(400, 'context_length_exceeded', GOSSIP), 'unavailable'],
    ['a gateway that waited too long', { status: 504, body: '' }, 'timeout'],
  ],
};

describeReviewer(PROVIDER);

describe('structured output', () => {
  const double = withDouble('http/1.1', openaiCheck());

  it('demands the answer, with temperature 0 and a limit', async () => {
    double().replies = [PROVIDER.answer(ANSWER)];
    await reviewer(double()).review(QUESTION);
    const [{ json, headers }] = double().received as [Received];
    expect(json).toMatchObject({ model: 'gpt-test', temperature: 0, max_completion_tokens: 4096, stream: false });
    expect(json.response_format.json_schema.strict).toBe(true);
    expect(headers['content-type']).toBe('application/json');
    expect(json.messages[0].content).not.toContain(PROSE);
    expect(json.messages[1].content).toContain(PROSE);
  });

  it.each<[string, unknown, unknown]>([
    ['no parameters', [], {}],
    ['a name that JavaScript has a use for', [{ name: '__proto__', value: 'x' }], JSON.parse('{"__proto__":"x"}')],
    // What follows is for the validator to refuse.
    [
      'a name twice',
      [
        { name: 'a', value: '1' },
        { name: 'a', value: '2' },
      ],
      undefined,
    ],
    ['more than a name and a value', [{ name: 'a', value: '1', more: true }], undefined],
    ['values that are no texts', [{ name: 'a', value: 1 }], undefined],
    // A server that does not hold itself to the schema may still answer in the validator's own.
    ['an object', { release: '1.4.2' }, { release: '1.4.2' }],
  ])('reads parameters: %s', async (_, sent, parameters) => {
    double().replies = [completion(JSON.stringify({ ...ANSWER, parameters: sent }))];
    const answer = await reviewer(double()).review(QUESTION);
    expect(answer).toEqual({ ...ANSWER, parameters: parameters ?? sent });
  });
});

describe('a model that does not take everything', () => {
  const both = withDouble('http/1.1', openaiCheck(KEY, ['temperature', 'max_completion_tokens']));

  it('is asked without a temperature and with the older limit, the next time at once', async () => {
    both().replies = [PROVIDER.answer(ANSWER)];
    const model = reviewer(both());
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(both().received).toHaveLength(3);
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(both().received).toHaveLength(4);
    const last = both().received.at(-1)?.json;
    expect(last.max_tokens).toBe(4096);
    expect(last).not.toHaveProperty('temperature');
  });
});

describe('a server without a key', () => {
  const double = withDouble('http/1.1', openaiCheck(null));

  it('is sent none', async () => {
    double().replies = [PROVIDER.answer(ANSWER)];
    const endpoint = `${double().address}/v1/`;
    const local = { provider: 'openai', model: 'qwen', endpoint, key: false, timeoutSeconds: 60 } as const;
    expect(await openaiReviewer(local, undefined).review(QUESTION)).toEqual(ANSWER);
    expect(double().received[0]?.headers).not.toHaveProperty('authorization');
    expect(double().received[0]?.path).toBe('/v1/chat/completions');
  });
});

describe('a redirect', () => {
  const double = withDouble('http/1.1', openaiCheck());
  const elsewhere = withDouble('http/1.1');

  it('is not followed: the key and the question go nowhere else', async () => {
    double().replies = [{ status: 308, headers: { location: `${elsewhere().address}/v1/chat/completions` }, body: '' }];
    elsewhere().replies = [PROVIDER.answer(ANSWER)];
    expect(await whyOf(reviewer(double()).review(QUESTION))).toBe('unavailable');
    expect(elsewhere().received).toEqual([]);
  });
});
