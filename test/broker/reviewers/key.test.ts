/** The key of a reviewer's interface, and which reviewer an environment has. */

import { reviewerOf } from '@leasehold/broker/reviewers';
import type { ReviewerFailed } from '../../../lib/broker/port-errors';
import type { Reviewer } from '../../../lib/definitions/model';
import { anthropicCheck, toolUse } from './support/anthropic-double';
import { whyOf, withDouble } from './support/behaviour';
import { aKey, type Counted } from './support/key';
import { ANSWER, KEY, QUESTION } from './support/question';

const ANTHROPIC = { provider: 'anthropic', model: 'claude-test', key: true, timeoutSeconds: 60 } as const;

describe('the key', () => {
  const double = withDouble('http/1.1', anthropicCheck(KEY));
  const review = (keys: Counted, timeoutSeconds = 60) =>
    reviewerOf({ ...ANTHROPIC, endpoint: double().address, timeoutSeconds }, { keys })?.review(QUESTION) ??
    Promise.reject(new Error('no reviewer'));

  beforeEach(() => {
    double().replies = [toolUse()];
  });

  it('is read when it is needed', async () => {
    const keys = aKey(KEY);
    reviewerOf({ ...ANTHROPIC, endpoint: double().address }, { keys });
    expect(keys.count).toEqual({ reads: 0, forgets: 0 });
    expect(await review(keys)).toEqual(ANSWER);
    expect(keys.count).toEqual({ reads: 1, forgets: 0 });
  });

  it('is read anew once where it is not taken: it was rotated', async () => {
    const keys = aKey('sk-old', KEY);
    expect(await review(keys)).toEqual(ANSWER);
    expect(keys.count).toEqual({ reads: 2, forgets: 1 });
    expect(double().received).toHaveLength(2);
  });

  it('is not tried a third time', async () => {
    const keys = aKey('sk-old', 'sk-newer', KEY);
    expect(await whyOf(review(keys))).toBe('unavailable');
    expect(keys.count).toEqual({ reads: 2, forgets: 1 });
    expect(double().received).toHaveLength(2);
  });

  it('is not sent again where it is still the same', async () => {
    const keys = aKey('sk-wrong');
    expect(await whyOf(review(keys))).toBe('unavailable');
    expect(double().received).toHaveLength(1);
  });

  it('may have been stored with a line break at its end', async () => {
    expect(await review(aKey(`${KEY}\n`))).toEqual(ANSWER);
  });

  it.each<[string, () => Promise<string>, ReviewerFailed['why']]>([
    ['cannot be read', () => Promise.reject(new Error(`secret ${KEY} is not valid JSON`)), 'unavailable'],
    ['is empty', async () => ' ', 'unavailable'],
    ['holds what a header cannot', async () => `${KEY}\r\nx-other: 1`, 'unavailable'],
    ['is not read in time', () => new Promise<string>(() => {}), 'timeout'],
  ])('fails where it %s, and shows nothing of it', async (_, key, why) => {
    expect(await whyOf(review({ ...aKey(KEY), key }, 0.2))).toBe(why);
    expect(double().received).toEqual([]);
  });
});

describe('the reviewer of an environment', () => {
  const keys = aKey(KEY);

  it('is none where none is defined', () => {
    expect(reviewerOf(undefined, { keys })).toBeUndefined();
  });

  it.each<[Reviewer, string]>([
    [
      { provider: 'bedrock', model: 'amazon.nova-pro-v1:0', region: 'eu-west-1', timeoutSeconds: 20 },
      'bedrock amazon.nova-pro-v1:0',
    ],
    [
      { provider: 'openai', model: 'gpt-test', endpoint: 'https://api.openai.com/v1', key: true, timeoutSeconds: 20 },
      'openai gpt-test',
    ],
    [{ ...ANTHROPIC, endpoint: 'https://api.anthropic.com' }, 'anthropic claude-test'],
  ])('is named for the record by provider and model: %j', (reviewer, model) => {
    expect(reviewerOf(reviewer, { keys })?.model).toBe(model);
  });

  it('is identified by every setting with which it is called', () => {
    const openai = { provider: 'openai', model: 'm', endpoint: 'https://a.example/v1', key: true, timeoutSeconds: 20 };
    const bedrock = { provider: 'bedrock', model: 'm', region: 'eu-west-1', timeoutSeconds: 20 };
    const settings = [
      openai,
      { ...openai, model: 'n' },
      { ...openai, endpoint: 'https://b.example/v1' },
      { ...openai, key: false },
      { ...openai, timeoutSeconds: 21 },
      { ...openai, provider: 'anthropic' },
      bedrock,
      { ...bedrock, region: 'eu-west-2' },
    ] as Reviewer[];
    const targets = settings.map((each) => reviewerOf(each, { keys })?.target);
    expect(targets.slice(0, 1)).toEqual(['openai m at https://a.example/v1 with a key, 20 seconds']);
    expect(new Set(targets).size).toBe(settings.length);
  });

  it.each([
    'http://models.example.com/v1',
    'http://127.0.0.1.example.com/v1',
    'http://127.0.0.1@example.com/v1',
    'https://user:password@models.example.com/v1',
    'ftp://models.example.com',
    'models.example.com',
    '',
  ])('is refused at an address where key and question would be in the open: %s', (endpoint) => {
    const make = () =>
      reviewerOf({ provider: 'openai', model: 'm', endpoint, key: true, timeoutSeconds: 20 }, { keys });
    expect(make).toThrow(
      'The address of the reviewer must begin with https:// and contain no password. Correct the address.',
    );
  });

  it.each([
    'http://localhost:11434/v1',
    'http://127.0.0.1:8080',
    'http://[::1]:8080/v1',
    'https://models.example.com/v1',
  ])('is taken at %s', (endpoint) => {
    const make = () =>
      reviewerOf({ provider: 'openai', model: 'm', endpoint, key: true, timeoutSeconds: 20 }, { keys });
    expect(make).not.toThrow();
  });
});
