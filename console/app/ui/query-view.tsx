import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FaultNote } from './fault-note.tsx';

/**
 * Shows the result of a query, a note while the query runs, and the error if the query failed. Data that was read
 * before the failure stays visible.
 */
export function QueryView<T>({
  query,
  reading,
  children,
}: {
  readonly query: UseQueryResult<T>;
  /** What is read, for example `the queue`. */
  readonly reading: string;
  readonly children: (data: T) => ReactNode;
}) {
  const { data, error, refetch } = query;
  return (
    <>
      {error === null ? null : <FaultNote error={error} retry={() => void refetch()} />}
      {data === undefined
        ? error === null && (
            <p className="loading" role="status">
              Reading {reading}…
            </p>
          )
        : children(data)}
    </>
  );
}
