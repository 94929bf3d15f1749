/** A reviewer on Amazon Bedrock. */
import { bedrockReviewer } from '../../../lib/broker/reviewers/bedrock';
import { bedrockCheck, bedrockError, converse, toolUse } from './support/bedrock-double';
import { describeReviewer, GOSSIP, whyOf, withDouble } from './support/behaviour';
import type { Double, Received } from './support/double';
import { ANSWER, PROSE, QUESTION } from './support/question';

const MODEL = 'arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.amazon.nova-pro-v1:0';
const CALL = { toolUse: { toolUseId: 'tooluse_01', name: 'answer', input: ANSWER } };

function reviewer(double: Double, timeoutSeconds = 60) {
  const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret', sessionToken: 'session' };
  return bedrockReviewer(
    { provider: 'bedrock', model: MODEL, region: 'eu-west-1', timeoutSeconds },
    { endpoint: double.address, credentials },
  );
}

describeReviewer({
  protocol: 'h2',
  check: bedrockCheck(MODEL),
  reviewer,
  answer: toolUse,
  instead: [
    ['a guardrail that stepped in', converse([{ text: GOSSIP }], 'guardrail_intervened'), 'refused'],
    ['a filtered answer', converse([{ text: GOSSIP }], 'content_filtered'), 'refused'],
    ['a refusal', converse([{ text: GOSSIP }], 'refusal'), 'refused'],
    ['prose', converse([{ text: GOSSIP }], 'end_turn'), 'nonsense'],
    ['an answer that was cut', converse([CALL], 'max_tokens'), 'nonsense'],
    ['a call that is malformed', converse([], 'malformed_tool_use'), 'nonsense'],
    ['two calls', converse([CALL, CALL], 'tool_use'), 'nonsense'],
    ['a call of another tool', converse([{ toolUse: { ...CALL.toolUse, name: 'approve' } }], 'tool_use'), 'nonsense'],
    ['no content', converse([], 'tool_use'), 'nonsense'],
    ['throttling', bedrockError(429, 'ThrottlingException', GOSSIP), 'throttled'],
    ['a quota that is spent', bedrockError(400, 'ServiceQuotaExceededException', GOSSIP), 'throttled'],
    ['a model that took too long', bedrockError(408, 'ModelTimeoutException', GOSSIP), 'timeout'],
    ['a model that failed', bedrockError(424, 'ModelErrorException', GOSSIP), 'unavailable'],
    ['an error of its own', bedrockError(500, 'InternalServerException', GOSSIP), 'unavailable'],
    ['a service that is away', bedrockError(503, 'ServiceUnavailableException', GOSSIP), 'unavailable'],
    ['a denial', bedrockError(403, 'AccessDeniedException', GOSSIP), 'unavailable'],
    ['a model that is not there', bedrockError(404, 'ResourceNotFoundException', GOSSIP), 'unavailable'],
    ['a request that is wrong', bedrockError(400, 'ValidationException', GOSSIP), 'unavailable'],
  ],
});

describe('Converse', () => {
  const double = withDouble('h2', bedrockCheck(MODEL));

  it('is called with a tool that has to be called, temperature 0 and a limit, signed', async () => {
    double().replies = [toolUse()];
    await reviewer(double()).review(QUESTION);
    const [{ json, headers, path }] = double().received as [Received];
    expect(path).toBe(`/model/${encodeURIComponent(MODEL)}/converse`);
    expect(headers).toMatchObject({ 'x-amz-date': expect.any(String), 'x-amz-security-token': 'session' });
    expect(headers.authorization).toMatch(/SignedHeaders=:authority;.*;x-amz-date;x-amz-security-token;/);
    expect(json.inferenceConfig).toEqual({ maxTokens: 4096, temperature: 0 });
    expect(json.toolConfig.toolChoice).toEqual({ tool: { name: 'answer' } });
    expect(JSON.stringify(json.system)).not.toContain(PROSE);
    expect(json.messages[0].content[0].text).toContain(PROSE);
  });
});

describe('a model that does not take everything', () => {
  const double = withDouble(
    'h2',
    bedrockCheck(MODEL, {
      temperature: 'The model returned the following errors: `temperature` is deprecated for this model.',
      toolChoice: "This model doesn't support the toolConfig.toolChoice.tool field. Remove it and try again.",
    }),
  );

  it('is asked without a temperature and asked to call the tool, the next time at once', async () => {
    double().replies = [toolUse()];
    const model = reviewer(double());
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(double().received).toHaveLength(3);
    expect(await model.review(QUESTION)).toEqual(ANSWER);
    expect(double().received).toHaveLength(4);
    expect(double().received.at(-1)?.json.inferenceConfig).toEqual({ maxTokens: 4096 });
    expect(double().received.at(-1)?.json.toolConfig).not.toHaveProperty('toolChoice');
  });

  it('has given no answer where it does not call it', async () => {
    double().replies = [converse([{ text: GOSSIP }], 'end_turn')];
    expect(await whyOf(reviewer(double()).review(QUESTION))).toBe('nonsense');
  });
});
