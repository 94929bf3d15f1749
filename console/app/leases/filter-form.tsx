import { LEASE_STATES } from '@leasehold/broker/core';
import { visible } from '@leasehold/contract/text';
import { useId, useState } from 'react';
import { Button, Form, Input, Label, SearchField } from 'react-aria-components';
import { DAYS, type LeaseFilters, readFilters } from './lease-filters.ts';

/** The filters of the list of leases. */
export function FilterForm({
  filters,
  roles,
  hasRequester,
  onFilters,
}: {
  readonly filters: LeaseFilters;
  /** Names of the roles to choose from. Empty: the role is typed. */
  readonly roles: readonly string[];
  /** Whether the list contains leases of several requesters. */
  readonly hasRequester: boolean;
  readonly onFilters: (filters: LeaseFilters) => void;
}) {
  const [typed, setTyped] = useState(filters.requester ?? '');
  const change = (part: Readonly<Record<string, string>>) => onFilters(readFilters({ ...filters, ...part }));
  return (
    <Form
      className="search"
      onSubmit={(event) => {
        event.preventDefault();
        change({ requester: typed });
      }}
    >
      <Choice
        label="Role"
        value={filters.role ?? ''}
        choices={[
          ['', 'All roles'],
          ...[...new Set([...roles, ...(filters.role ? [filters.role] : [])])].map(
            (name) => [name, visible(name)] as const,
          ),
        ]}
        onChange={(role) => change({ role })}
      />
      <Choice
        label="State"
        value={filters.state ?? ''}
        choices={[['', 'All states'], ...LEASE_STATES.map((state) => [state, state] as const)]}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Time"
        value={String(filters.days ?? 1)}
        choices={DAYS.map((days) => [String(days), days === 1 ? 'Last day' : `Last ${days} days`] as const)}
        onChange={(days) => change({ days })}
      />
      {hasRequester ? (
        <>
          <SearchField
            value={typed}
            onChange={(text) => {
              setTyped(text);
              if (text === '') change({ requester: '' });
            }}
          >
            <Label>Person or agent</Label>
            <Input spellCheck="false" autoCapitalize="none" placeholder="Name" />
          </SearchField>
          <Button className="button" type="submit">
            Show
          </Button>
        </>
      ) : null}
    </Form>
  );
}

function Choice({
  label,
  value,
  choices,
  onChange,
}: {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, label: string])[];
  readonly onChange: (value: string) => void;
}) {
  const id = useId();
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      <select id={id} value={value} onChange={(event) => onChange(event.target.value)}>
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
    </div>
  );
}
