import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FaultNote } from './fault-note.tsx';

/** What a query read; before, that it is read; and after a failure, why. Data that was read before stays. */
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
