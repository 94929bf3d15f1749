import { type ReactNode, useId } from 'react';

/** A list from which the person chooses one value. It is the browser's own list, which the keyboard can search. */
export function Choice({
  label,
  value,
  choices,
  about,
  fault,
  onChange,
  onLeave,
}: {
  readonly label: string;
  readonly value: string;
  /** Each value with its words. */
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly about?: ReactNode;
  /** The fault in the choice. Undefined if no fault is to be shown. */
  readonly fault?: string | undefined;
  readonly onChange: (value: string) => void;
  readonly onLeave?: () => void;
}) {
  const id = useId();
  const described = [...(about === undefined ? [] : [`${id}-about`]), ...(fault === undefined ? [] : [`${id}-fault`])];
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select
        id={id}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onBlur={onLeave}
        aria-invalid={fault !== undefined}
        aria-describedby={described.join(' ') || undefined}
      >
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      {about === undefined ? null : (
        <span id={`${id}-about`} slot="description">
          {about}
        </span>
      )}
      {fault === undefined ? null : (
        <span id={`${id}-fault`} className="react-aria-FieldError">
          {fault}
        </span>
      )}
    </div>
  );
}

/** Names to choose from, after a first choice that chooses nothing. */
export function namedChoices(
  names: readonly string[],
  first: string,
  shownAs: (name: string) => string,
): readonly (readonly [value: string, words: string])[] {
  return [['', first], ...names.map((name) => [name, shownAs(name)] as const)];
}
