import { LONGEST_MESSAGE } from '@leasehold/contract/assistant';
import { useRef } from 'react';
import { Button, FieldError, Form, Label, Text, TextArea, TextField } from 'react-aria-components';
import { FaultNote } from '../ui/fault-note.tsx';
import { type Chat, type ChatState, draftFault, maySend, mayStop } from './chat.ts';

/** Where the person writes. What was written stays until the assistant has it. */
export function Composer({ chat, state }: { readonly chat: Chat; readonly state: ChatState }) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { draft, refusal, conversation, stopping } = state;
  const fault = draftFault(draft);
  const isReady = maySend(state);
  return (
    <Form
      className="form composer"
      onSubmit={(event) => {
        event.preventDefault();
        chat.send();
      }}
    >
      {refusal === undefined ? null : <FaultNote error={refusal} />}
      <TextField
        value={draft}
        onChange={(text) => chat.setDraft(text)}
        isInvalid={fault === 'too-long'}
        validationBehavior="aria"
      >
        <Label>Message</Label>
        <TextArea
          ref={field}
          rows={2}
          onKeyDown={(event) => {
            // During the composition of a character, Enter chooses one.
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            chat.send();
          }}
        />
        <Text slot="description">Enter sends, Shift+Enter begins a new line.</Text>
        <FieldError>
          The message has {draft.length} characters, and the maximum is {LONGEST_MESSAGE}.
        </FieldError>
      </TextField>
      <div className="actions">
        <Button className="button button-main" type="submit" isDisabled={!isReady || fault !== undefined}>
          Send
        </Button>
        {conversation.running ? (
          <Button
            className="button button-danger"
            isDisabled={!mayStop(state)}
            onPress={() => {
              chat.stop();
              // The button goes away.
              field.current?.focus();
            }}
          >
            {stopping ? 'Stopping…' : 'Stop'}
          </Button>
        ) : null}
      </div>
    </Form>
  );
}
