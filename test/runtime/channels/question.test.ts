import { inspect } from 'node:util';
import { endingText, PendingApproval } from '../../../runtime/src/channels/question';
import { WhileUsed } from '../../../runtime/src/channels/while-used';
import { never, rejection, requestOf } from './support';

afterEach(() => jest.useRealTimers());

function ask(changes: Parameters<typeof requestOf>[0] = {}): PendingApproval {
  return new PendingApproval(requestOf(changes), never().signal);
}

describe('a question', () => {
  it('takes the yes of an approver with the code of their device', async () => {
    const question = ask();
    expect(question.approve('oncall', ' 123 456 ')).toBeUndefined();
    const approval = await question.answer;
    expect([approval.approver, approval.takeCode(), approval.takeCode()]).toEqual(['oncall', '123456', undefined]);
    expect(question.over.aborted).toBe(true);
  });

  it.each([
    ['nobody', undefined, '123456', 'not-an-approver'],
    ['a stranger', 'mallory', '123456', 'not-an-approver'],
    ['a name that every object has', 'constructor', '123456', 'not-an-approver'],
    ['five digits', 'oncall', '12345', 'not-a-code'],
    ['seven digits', 'oncall', '1234567', 'not-a-code'],
    ['letters', 'oncall', 'yes', 'not-a-code'],
    ['digits of another script', 'oncall', '١٢٣٤٥٦', 'not-a-code'],
    ['no text', 'oncall', 123456, 'not-a-code'],
  ])('refuses %s, and goes on waiting', (_, approver, code, refusal) => {
    const question = ask();
    expect(question.approve(approver, code)).toBe(refusal);
    expect(question.ending).toBeUndefined();
    question.deny('lead');
  });

  it.each([
    ['a yes', (question: PendingApproval) => question.approve('oncall', '123456')],
    ['a no', (question: PendingApproval) => question.deny('oncall')],
  ])('takes one answer: after %s every other is too late', async (_, answer) => {
    const question = ask();
    expect(answer(question)).toBeUndefined();
    const ending = question.ending;
    expect(question.approve('lead', '654321')).toBe('over');
    expect(question.deny('lead')).toBe('over');
    expect(question.ending).toBe(ending);
    await question.answer.catch(() => {});
  });

  it('a no is final', async () => {
    const question = ask();
    question.deny('lead');
    expect(await rejection(question.answer)).toMatchObject({ code: 'denied', retryable: false });
    expect(endingText(question.ending ?? { how: 'failed' })).toBe('Denied by lead.');
  });

  it.each([
    ['a date that is past', new Date(0)],
    ['a date that is none', new Date(Number.NaN)],
  ])('lapses at once with %s', async (_, answerBy) => {
    expect(await rejection(ask({ answerBy }).answer)).toMatchObject({ code: 'lapsed' });
  });

  it('lapses when its time comes, even where that is further away than one timer reaches', async () => {
    jest.useFakeTimers();
    const days = 40;
    const question = ask({ answerBy: new Date(Date.now() + days * 86_400_000) });
    jest.advanceTimersByTime(days * 86_400_000 - 1);
    expect(question.ending).toBeUndefined();
    jest.advanceTimersByTime(1);
    expect(question.ending).toEqual({ how: 'lapsed' });
    expect(await rejection(question.answer)).toMatchObject({ code: 'lapsed' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('is taken back when its signal aborts, before or while it waits', async () => {
    const before = new PendingApproval(requestOf(), AbortSignal.abort());
    expect(await rejection(before.answer)).toMatchObject({ code: 'aborted' });

    const abort = new AbortController();
    const waiting = new PendingApproval(requestOf(), abort.signal);
    abort.abort();
    expect(waiting.approve('oncall', '123456')).toBe('over');
    expect(await rejection(waiting.answer)).toMatchObject({ code: 'aborted' });
  });

  it('shows no code, whatever prints it', async () => {
    const question = ask();
    question.approve('oncall', '987654');
    const approval = await question.answer;
    const shown = [question, approval].map((each) => inspect(each, { depth: 4 }) + JSON.stringify(each));
    expect(shown.join('')).not.toContain('987654');
  });
});

describe('something that is open while it is used', () => {
  it('is opened once for all users, closed after the last, and never open twice', async () => {
    const events: string[] = [];
    const shared = new WhileUsed(
      async () => events.push('open'),
      async () => {
        events.push('closing');
        await new Promise((resolve) => setImmediate(resolve));
        events.push('closed');
      },
    );
    const use = () =>
      shared.use(async (opened) => {
        await opened;
        events.push('used');
      });
    await Promise.all([use(), use()]);
    await use();
    expect(events).toEqual(['open', 'used', 'used', 'closing', 'closed', 'open', 'used', 'closing']);
  });

  it('is opened anew after it could not be opened', async () => {
    let attempts = 0;
    const shared = new WhileUsed(
      async () => {
        if (++attempts === 1) throw new Error('not today');
        return attempts;
      },
      async () => {},
    );
    await expect(shared.use((opened) => opened)).rejects.toThrow('not today');
    await expect(shared.use((opened) => opened)).resolves.toBe(2);
  });
});
