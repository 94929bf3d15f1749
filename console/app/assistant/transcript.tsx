import { escapeHidden } from '@leasehold/contract/text';
import { memo } from 'react';
import { useNow } from '../ui/moment.tsx';
import type { ChatState } from './chat.ts';
import type { Part, ToolCall, Turn } from './conversation.ts';
import { LeaseCard } from './lease-card.tsx';
import { MarkdownView } from './markdown-view.tsx';

/** The conversation so far. While an answer is written, a screen reader is told only the rest of the page. */
export function Transcript({ state }: { readonly state: ChatState }) {
  const now = useNow();
  const { conversation, outgoing } = state;
  const { turns, running } = conversation;
  return (
    <div className="transcript" role="log" aria-label="Conversation" aria-live="polite" aria-busy={running}>
      {turns.map((turn, at) => (
        <TurnView
          key={turn.sequence}
          turn={turn}
          // Without a lease that counts down, a turn is not drawn again as time passes.
          now={hasLease(turn) ? now : 0}
          isRunning={running && at === turns.length - 1}
        />
      ))}
      {outgoing === undefined ? null : <Said text={outgoing.text} note="Sending…" />}
    </div>
  );
}

const TurnView = memo(
  ({ turn, now, isRunning }: { readonly turn: Turn; readonly now: number; readonly isRunning: boolean }) => {
    const { said, parts, end } = turn;
    return (
      <>
        {said === undefined ? null : <Said text={said.text} />}
        {parts.map((part) => (
          <PartView key={part.sequence} part={part} now={now} />
        ))}
        {end === undefined && !isRunning ? <p className="warn">The answer was interrupted.</p> : null}
        {end === undefined || end.outcome === 'done' ? null : (
          <p className="warn">
            {end.outcome === 'stopped' ? 'Stopped.' : 'The answer failed.'}
            {end.because === undefined ? null : <bdi> {escapeHidden(end.because)}</bdi>}
          </p>
        )}
      </>
    );
  },
);

function Said({ text, note }: { readonly text: string; readonly note?: string }) {
  return (
    <div className="said-by-you">
      <p className="speaker">You{note === undefined ? null : <span className="quiet"> {note}</span>}</p>
      {text.split('\n').map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a message never change
        <p key={at} dir="auto">
          {escapeHidden(line)}
        </p>
      ))}
    </div>
  );
}

function PartView({ part, now }: { readonly part: Part; readonly now: number }) {
  if (part.type === 'tool') return <ToolLine tool={part} />;
  if (part.type === 'lease') return <LeaseCard lease={part} now={now} />;
  return (
    <div className="said-by-model">
      <p className="speaker">Assistant</p>
      <MarkdownView text={part.text} />
    </div>
  );
}

function ToolLine({ tool: { name, summary, state } }: { readonly tool: ToolCall }) {
  return (
    <p className={`tool tool-${state}`}>
      <span className="code">{name}</span> <span className="word">{TOOL_WORDS[state]}</span>{' '}
      <bdi>{escapeHidden(summary)}</bdi>
    </p>
  );
}

const TOOL_WORDS = {
  running: 'running…',
  done: 'done',
  denied: 'denied',
  failed: 'failed',
} as const satisfies Readonly<Record<ToolCall['state'], string>>;

function hasLease({ parts }: Turn): boolean {
  return parts.some(({ type }) => type === 'lease');
}
