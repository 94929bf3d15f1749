/** A reviewer behind Anthropic's Messages API. */
import { anthropicReviewer } from '../../../lib/broker/reviewers/anthropic';
import { anthropicCheck, anthropicError, message, toolUse } from './support/anthropic-double';
import { describeReviewer, GOSSIP, whyOf, withDouble } from './support/behaviour';
import type { Double, Received } from './support/double';
import { aKey } from './support/key';
import { ANSWER, KEY, PROSE, QUESTION } from './support/question';

const CALL = { type: 'tool_use', id: 'toolu_01', name: 'answer', input: ANSWER };

function reviewer(double: Double, timeoutSeconds = 60, keys = aKey(KEY)) {
  const endpoint = double.address;
  return anthropicReviewer({ provider: 'anthropic', model: 'claude-test', endpoint, key: true, timeoutSeconds }, keys);
}

describeReviewer({
  protocol: 'http/1.1',
  check: anthropicCheck(),
  reviewer,
  answer: toolUse,
  instead: [
    ['a refusal', message([{ type: 'text', text: GOSSIP }], 'refusal'), 'refused'],
    ['a refusal in the middle of the call', toolUse(ANSWER, { stop_reason: 'refusal' }), 'refused'],
    ['prose', message([{ type: 'text', text: GOSSIP }], 'end_turn'), 'nonsense'],
    ['an answer that was cut', message([{ ...CALL, input: {} }], 'max_tokens'), 'nonsense'],
    ['an answer out of a full window', toolUse(ANSWER, { stop_reason: 'model_context_window_exceeded' }), 'nonsense'],
    ['a call that is no stop', toolUse(ANSWER, { stop_reason: 'end_turn' }), 'nonsense'],
    ['two calls', message([CALL, { ...CALL, id: 'toolu_02' }], 'tool_use'), 'nonsense'],
    ['a call of another tool', message([{ ...CALL, name: 'approve' }], 'tool_use'), 'nonsense'],
    ['no content', message([], 'tool_use'), 'nonsense'],
    ['too many requests', anthropicError(429, 'rate_limit_error', GOSSIP), 'throttled'],
    ['an overloaded provider', anthropicError(529, 'overloaded_error', GOSSIP), 'throttled'],
    ['an error of its own', anthropicError(500, 'api_error', GOSSIP), 'unavailable'],
    ['a model that is not there', anthropicError(404, 'not_found_error', GOSSIP), 'unavailable'],
    ['a request that is too long', anthropicError(413, 'request_too_large', GOSSIP), 'unavailable'],
    ['a request that is wrong', anthropicError(400, 'invalid_request_error', GOSSIP), 'unavailable'],
    ['a gateway that waited too long', anthropicError(504, 'timeout_error', GOSSIP), 'timeout'],
  ],
});

describe('the tool', () => {
  const double = withDouble('http/1.1', anthropicCheck());

  it('has to be called, with temperature 0 and a limit', async () => {
    double().replies = [toolUse()];
    await reviewer(double()).review(QUESTION);
    const [{ json }] = double().received as [Received];
    expect(json).toMatchObject({ model: 'claude-test', temperature: 0, max_tokens: 4096 });
    expect(json.tool_choice).toEqual({ type: 'tool', name: 'answer' });
    expect(json.system).not.toContain(PROSE);
    expect(json.messages[0].content).toContain(PROSE);
  });

  it('may be called after the model has thought aloud', async () => {
    double().replies = [message([{ type: 'thinking', thinking: '…', signature: 'x' }, CALL], 'tool_use')];
    expect(await reviewer(double()).review(QUESTION)).toEqual(ANSWER);
  });
});

describe('a model that does not take everything', () => {
  const double = withDouble(
    'http/1.1',
    anthropicCheck(KEY, {
      temperature: '`temperature` is deprecated for this model.',
      toolChoice: 'Thinking may not be enabled when tool_choice forces tool use.',
    }),
  );

  it('is asked without a temperature and asked to call the tool, the next time at once', async () => {
    double().replies = [toolUse()];
    const model = reviewer(double());
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(double().received).toHaveLength(3);
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(double().received).toHaveLength(4);
    expect(double().received.at(-1)?.json).not.toHaveProperty('temperature');
    expect(double().received.at(-1)?.json.tool_choice).toEqual({ type: 'auto' });
  });

  it('has given no answer where it does not call it', async () => {
    double().replies = [message([{ type: 'text', text: GOSSIP }], 'end_turn')];
    expect(await whyOf(reviewer(double()).review(QUESTION))).toBe('nonsense');
  });
});

describe('a provider that quotes the request in its no', () => {
  const double = withDouble('http/1.1');

  it('does not have the next question asked in another way', async () => {
    const model = reviewer(double());
    double().replies = [anthropicError(400, 'invalid_request_error', `${PROSE}: temperature, tool_choice`)];
    expect(await whyOf(model.review(QUESTION))).toBe('unavailable');
    double().replies = [toolUse()];
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(double().received.at(-1)?.json.tool_choice).toEqual({ type: 'tool', name: 'answer' });
  });
});
