import type { RoleView } from '@leasehold/contract';
import { visible } from '@leasehold/contract/text';
import { useId } from 'react';
import { FieldError, Input, Label, Text, TextField } from 'react-aria-components';

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
  /** The fault in the value. Undefined if no fault is to be shown. */
  readonly fault: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onLeave: () => void;
}) {
  const id = useId();
  if (values !== undefined) {
    return (
      <div>
        <label htmlFor={id}>{visible(name)}</label>
        <select
          id={id}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onBlur={onLeave}
          aria-invalid={fault !== undefined}
          aria-describedby={`${id}-about ${id}-fault`}
        >
          <option value="">Choose…</option>
          {values.map((each) => (
            <option key={each} value={each}>
              {visible(each)}
            </option>
          ))}
        </select>
        <span id={`${id}-about`} slot="description">
          <bdi>{visible(description)}</bdi>
        </span>
        <span id={`${id}-fault`} className="react-aria-FieldError">
          {fault}
        </span>
      </div>
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
