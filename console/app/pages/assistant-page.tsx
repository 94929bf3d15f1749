import type { AssistantSettings } from '@leasehold/contract/console-settings';
import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import type { ChatState } from '../assistant/chat.ts';
import { Composer } from '../assistant/composer.tsx';
import { Transcript } from '../assistant/transcript.tsx';
import { useChat } from '../assistant/use-chat.ts';
import { useSession } from '../session/app-context.tsx';
import { FaultNote } from '../ui/fault-note.tsx';
import { Page } from '../ui/page.tsx';

/** A chat with the assistant of the deployment, which asks for leases on the person's behalf. */
export function AssistantPage() {
  const { assistant } = useSession();
  return (
    <Page
      title="Assistant"
      lead="A language model writes the answers, and nobody has verified them. It works under leases, which are shown below as cards. Approve a lease only on its own page."
    >
      {assistant === undefined ? (
        <p className="empty">There is no assistant here.</p>
      ) : (
        <AssistantChat settings={assistant} />
      )}
    </Page>
  );
}

function AssistantChat({ settings }: { readonly settings: AssistantSettings }) {
  const { chat, state } = useChat(settings);
  const { link, conversation } = state;
  const isEmpty = conversation.turns.length === 0 && state.outgoing === undefined;
  return (
    <div className="chat">
      {isEmpty && link.kind === 'open' ? <p className="empty">Write what you need.</p> : null}
      <Transcript state={state} />
      {link.kind === 'ended' ? <FaultNote error={link.error} retry={() => chat.connect()} /> : null}
      <p className="link-state" role="status">
        {wordsOf(state)}
      </p>
      <Composer chat={chat} state={state} />
      <div className="actions">
        {link.kind === 'waiting' ? (
          <Button className="button button-small" onPress={() => chat.connect()}>
            Connect now
          </Button>
        ) : null}
        <Button className="button button-small" onPress={() => chat.startAnew()}>
          New conversation
        </Button>
      </div>
      <End state={state} />
    </div>
  );
}

function wordsOf({ link, conversation, stopping }: ChatState): string {
  switch (link.kind) {
    case 'idle':
    case 'connecting':
      return 'Connecting…';
    case 'waiting':
      return 'The connection to the assistant was lost. Connecting again…';
    case 'ended':
      return 'Not connected.';
    case 'open':
      if (stopping) return 'Stopping…';
      return conversation.running ? 'The assistant is answering…' : 'Connected.';
  }
}

/** Number of pixels from the end of the page within which the page follows the conversation. */
const NEAR = 160;

/** Keeps the end of the page in view while the conversation grows, unless the person has scrolled up to read. */
function End({ state: { conversation, outgoing } }: { readonly state: ChatState }) {
  const follows = useRef(true);
  useEffect(() => {
    const look = () => {
      const { scrollHeight } = document.documentElement;
      follows.current = scrollHeight - window.scrollY - window.innerHeight < NEAR;
    };
    window.addEventListener('scroll', look, { passive: true });
    return () => window.removeEventListener('scroll', look);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: it scrolls when the conversation has grown
  useEffect(() => {
    if (follows.current && conversation.sequence > 0) window.scrollTo({ top: document.documentElement.scrollHeight });
  }, [conversation.sequence, outgoing]);
  return null;
}
