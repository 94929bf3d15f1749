/** What a card says about a lease at a time, and who wrote the explanation. */
import { authorOf, decisionOf, stateOf } from '../../../console/app/assistant/lease-words';
import { rememberedIn } from '../../../console/app/assistant/remembered';
import { CONVERSATION } from './fake-assistant';

type ChatLease = Parameters<typeof stateOf>[0];

const NOW = 1000;
const approval = (until: number) => ({ approval: { humans: 2, approvals: [], approvers: [], until } });

it.each<[string, Partial<ChatLease>, ChatLease['state'], string, ReturnType<typeof authorOf>]>([
  ['requested', { state: 'requested' }, 'requested', 'deciding', 'reviewer'],
  ['waiting', { state: 'pending', ...approval(NOW + 1) }, 'pending', 'people approve', 'reviewer'],
  ['waiting for too long', { state: 'pending', ...approval(NOW) }, 'lapsed', 'The time for an approval', 'reviewer'],
  ['lapsed at the broker', { state: 'lapsed', ...approval(NOW) }, 'lapsed', 'Nobody approved it in time', 'reviewer'],
  ['approved', { state: 'approved' }, 'approved', 'first uses it', 'reviewer'],
  ['in use', { state: 'issued', expiresAt: NOW + 1 }, 'issued', 'in use', 'reviewer'],
  ['at its end', { state: 'issued', expiresAt: NOW }, 'expired', 'has ended', 'reviewer'],
  ['denied without a record', { state: 'denied', code: 'forbidden' }, 'denied', 'refused the request', undefined],
  ['denied by a rule', { state: 'denied', id: 'lh-1', code: 'outside-hours' }, 'denied', 'broker denied', undefined],
  ['denied by the reviewer', { state: 'denied', id: 'lh-1', code: 'reviewer-denied' }, 'denied', 'broker', 'reviewer'],
  ['denied by a person', { state: 'denied', id: 'lh-1', code: 'approver-denied' }, 'denied', 'A person', 'approver'],
  ['revoked', { state: 'revoked', id: 'lh-1' }, 'revoked', 'A person revoked', 'approver'],
])('%s', (_, change, state, words, author) => {
  const lease = { type: 'lease', call: '1', role: 'r', parameters: {}, reason: '', ...change } as ChatLease;
  expect(stateOf(lease, NOW)).toBe(state);
  expect(decisionOf(lease, state)).toContain(words);
  expect(authorOf(lease)).toBe(author);
});

it('remembers one conversation for each person and assistant, and nothing that is no id', () => {
  const items = new Map<string, string>();
  const store = {
    getItem: (name: string) => items.get(name) ?? null,
    setItem: (name: string, value: string) => void items.set(name, value),
    removeItem: (name: string) => void items.delete(name),
  };
  const alice = rememberedIn(store, 'wss://a.example', 'alice');
  alice.set(CONVERSATION);
  expect(alice.get()).toBe(CONVERSATION);
  expect(rememberedIn(store, 'wss://a.example', 'bob').get()).toBeUndefined();
  expect(rememberedIn(store, 'wss://b.example', 'alice').get()).toBeUndefined();
  const nobody = rememberedIn(store, 'wss://a.example', undefined);
  nobody.set(CONVERSATION);
  expect(nobody.get()).toBeUndefined();
  for (const [key] of items) items.set(key, '<b>');
  expect(alice.get()).toBeUndefined();
  alice.set(undefined);
  expect(items.size).toBe(0);
});
