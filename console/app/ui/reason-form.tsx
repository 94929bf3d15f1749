import { type ReactNode, useState } from 'react';
import { Button, FieldError, Form, Label, Text, TextArea, TextField } from 'react-aria-components';
import { ActionButton } from './action-button.tsx';
import { reasonFault } from './reason-fault.ts';

/** Asks for a reason, which is recorded. The typed text stays until the reason is accepted. */
export function ReasonForm({
  action,
  description,
  pending,
  onReason,
  onCancel,
  children,
}: {
  readonly action: string;
  readonly description: string;
  readonly pending: boolean;
  readonly onReason: (because: string) => void;
  readonly onCancel: () => void;
  readonly children?: ReactNode;
}) {
  const [because, setBecause] = useState('');
  const [shown, setShown] = useState(false);
  const wrong = reasonFault(because);
  return (
    <Form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        setShown(true);
        if (wrong === undefined && !pending) onReason(because);
      }}
    >
      <TextField
        value={because}
        onChange={setBecause}
        isInvalid={shown && wrong !== undefined}
        validationBehavior="aria"
        autoFocus
      >
        <Label>Why</Label>
        <TextArea rows={2} />
        <Text slot="description">{description}</Text>
        <FieldError>{wrong}</FieldError>
      </TextField>
      {children}
      <div className="actions">
        <ActionButton className="button button-danger" type="submit" label={action} working={pending} />
        <Button className="button" onPress={onCancel}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
