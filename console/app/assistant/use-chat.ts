/** The chat of the person who is signed in. */
import type { AssistantSettings } from '@leasehold/contract/console-settings';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { Broker, TokenSource } from '../api/client.ts';
import { useBroker, useSession } from '../session/app-context.tsx';
import { Chat, type ChatState } from './chat.ts';
import type { SocketListener } from './link.ts';
import { rememberedIn } from './remembered.ts';

/** Connects while the page is shown. The chat stays in memory when the person looks at another page, for example a lease. */
export function useChat(settings: AssistantSettings): { readonly chat: Chat; readonly state: ChatState } {
  const session = useSession();
  const broker = useBroker();
  const source = useSyncExternalStore(session.subscribe, () => session.source);
  const chat = useMemo(
    () => chatOf(source, broker, settings, session.subject),
    [source, broker, settings, session.subject],
  );
  useEffect(() => {
    chat.connect();
    return () => {
      chat.disconnect();
      if (session.state.kind === 'signed-out') CHATS.delete(source);
    };
  }, [chat, session, source]);
  return { chat, state: useSyncExternalStore(chat.subscribe, () => chat.state) };
}

/** Each person has a source of tokens of their own. */
const CHATS = new WeakMap<TokenSource, Chat>();

function chatOf(tokens: TokenSource, broker: Broker, { address }: AssistantSettings, person: string | undefined): Chat {
  const known = CHATS.get(tokens);
  if (known !== undefined) return known;
  const chat = new Chat({
    tokens,
    open: (protocols, listener) => openSocket(address, protocols, listener),
    checkSignIn: () => broker('leases', { as: 'requester' }),
    later: (milliseconds, work) => {
      const timer = setTimeout(work, milliseconds);
      return () => clearTimeout(timer);
    },
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
    remembered: rememberedIn(sessionStorage, address, person),
  });
  CHATS.set(tokens, chat);
  return chat;
}

function openSocket(address: string, protocols: readonly string[], listener: SocketListener): WebSocket {
  const socket = new WebSocket(address, [...protocols]);
  socket.onopen = listener.onOpen;
  socket.onmessage = ({ data }) => listener.onData(data);
  socket.onclose = listener.onClose;
  return socket;
}
