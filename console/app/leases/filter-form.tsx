import { LEASE_STATES } from '@leasehold/broker/core';
import { visible } from '@leasehold/contract/text';
import { useState } from 'react';
import { Button, Form, Input, Label, SearchField } from 'react-aria-components';
import { Choice, namedChoices } from '../ui/choice.tsx';
import { DAYS, daysWords, type LeaseFilters, readFilters } from './lease-filters.ts';

/** The filters of the list of leases. */
export function FilterForm({
  filters,
  roles,
  hasRequester,
  onFilters,
}: {
  readonly filters: LeaseFilters;
  /** Names of the roles to choose from. If empty, the person types the name of the role. */
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
        choices={namedChoices([...new Set([...roles, ...(filters.role ? [filters.role] : [])])], 'All roles', visible)}
        onChange={(role) => change({ role })}
      />
      <Choice
        label="State"
        value={filters.state ?? ''}
        choices={namedChoices(LEASE_STATES, 'All states', (state) => state)}
        onChange={(state) => change({ state })}
      />
      <Choice
        label="Time"
        value={String(filters.days ?? 1)}
        choices={DAYS.map((days) => [String(days), daysWords(days)] as const)}
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
