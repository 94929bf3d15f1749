/** Remembers in this tab which conversation to continue after the page is loaded again: an id, which is no secret. */
import { CONVERSATION_ID } from '@leasehold/contract/assistant';
import type { ChatPorts } from './chat.ts';

/** @param person The account of the person. Without one, nothing is remembered. */
export function rememberedIn(
  store: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
  address: string,
  person: string | undefined,
): ChatPorts['remembered'] {
  if (person === undefined) return { get: () => undefined, set: () => undefined };
  const key = `leasehold.conversation ${address} ${person}`;
  return {
    get: () => {
      const id = store.getItem(key) ?? '';
      return CONVERSATION_ID.test(id) ? id : undefined;
    },
    set: (id) => {
      if (id === undefined) store.removeItem(key);
      else store.setItem(key, id);
    },
  };
}
