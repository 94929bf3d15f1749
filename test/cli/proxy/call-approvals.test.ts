/** The queue of the calls that wait until a human has answered about another call. */
import type { Lease } from '@leasehold/runtime';
import { CallApprovals } from '../../../lib/cli/proxy/call-approvals';

const MOST = 16;

/** Approvals whose human answers when the test says so. */
function aQueue() {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const withLease = async <T>(
    _role: string,
    { parameters, signal }: { readonly parameters?: object; readonly signal?: AbortSignal },
    work: (lease: Lease) => Promise<T>,
  ): Promise<T> => {
    asked.push(String(Object.values(parameters ?? {})));
    await new Promise<void>((resolve, reject) => {
      answers.push(resolve);
      signal?.addEventListener('abort', () => reject(signal.reason));
    });
    return work({} as Lease);
  };
  const approvals = new CallApprovals({
    role: {},
    callRole: undefined,
    parameters: {},
    apart: () => ({ withLease }),
    request: () => ({ reason: 'Remove old files of the release' }),
  });
  const call = (end: string, signal = new AbortController().signal) =>
    approvals.approved({ action: 's3:DeleteObject', resource: `arn:aws:s3:::b/${end}`, end }, signal, async () => end);
  return { asked, answers, call };
}

/** Every promise that can settle without an answer has settled. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('a client that leaves gives up its place at once, and its question is not asked', async () => {
  const { asked, answers, call } = aQueue();
  const gone = new AbortController();
  const first = call('first');
  const left = Array.from({ length: MOST - 1 }, (_, index) => call(`${index}`, gone.signal).catch(() => 'gone'));
  await settled();
  await expect(call('refused')).rejects.toThrow('too many calls wait for a human');
  gone.abort();
  expect(new Set(await Promise.all(left))).toEqual(new Set(['gone']));
  const next = call('next');
  await settled();
  // One question at a time, also after others left.
  expect(asked).toEqual(['first']);
  answers[0]?.();
  expect(await first).toBe('first');
  await settled();
  expect(asked).toEqual(['first', 'next']);
  answers[1]?.();
  expect(await next).toBe('next');
});

it('a client that leaves while its own question is open makes room for the next question', async () => {
  const { asked, answers, call } = aQueue();
  const gone = new AbortController();
  const first = call('first', gone.signal);
  const next = call('next');
  await settled();
  gone.abort();
  await expect(first).rejects.toThrow('aborted');
  await settled();
  expect(asked).toEqual(['first', 'next']);
  answers[1]?.();
  expect(await next).toBe('next');
});

it('a client that has already left asks nothing', async () => {
  const { asked, call } = aQueue();
  await expect(call('left', AbortSignal.abort())).rejects.toThrow('aborted');
  expect(asked).toEqual([]);
});
