import type { RoleView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';
import { Choice, namedChoices } from '../ui/choice.tsx';

/** The field for one parameter: a list if the role lists the permitted values, otherwise a text field. */
export function ParameterField({
  name,
  rule: { description, pattern, values },
  value,
  fault,
  onChange,
  onLeave,
}: {
  readonly name: string;
  readonly rule: RoleView['parameters'][string];
  readonly value: string;
  /** The error in the value. Undefined if no error is to be shown. */
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
}) {
  if (values !== undefined) {
    return (
      <Choice
        label={visible(name)}
        choices={namedChoices(values, 'Choose…', visible)}
        value={value}
        about={<bdi>{visible(description)}</bdi>}
        fault={fault}
        onChange={onChange}
        onLeave={onLeave}
      />
    );
  }
  return (
    <TextField
      value={value}
      onChange={onChange}
      onBlur={onLeave}
      isInvalid={fault !== undefined}
      validationBehavior="aria"
    >
      <Label>{visible(name)}</Label>
      <Input spellCheck="false" autoCapitalize="none" autoComplete="off" />
      <Text slot="description">
        <bdi>{visible(description)}</bdi>
        {pattern === undefined ? null : (
          <>
            <br />
            Pattern: <code>{visible(pattern)}</code>
          </>
        )}
      </Text>
      <FieldError>{fault}</FieldError>
    </TextField>
  );
}
