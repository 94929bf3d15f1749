/** Reads what the person may request, sends requests, and follows the person's own lease. */
import type { FoldedLease } from '@leasehold/broker/core';
import { type LeaseView, LONGEST_WAIT, type RoleList } from '@leasehold/contract';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useReadAgain } from '../lease/lease-queries.ts';
import { useBroker, useKnownMe } from '../session/app-context.tsx';
import { openAwsConsole } from './aws-console.ts';
import type { RequestByRole } from './exec-command.ts';
import { isOwn, isOwnAtBroker } from './own.ts';
import { RequestSender } from './request-sender.ts';

/** The roles that the person may request. */
export function useRequestableRoles() {
  return useRequestable(({ roles }) => roles);
}

/** Whether a reviewer can propose a lease to the person. False until it is known. */
export function useProposes(): boolean {
  return useRequestable(({ proposes }) => proposes === true).data ?? false;
}

function useRequestable<T>(select: (answer: RoleList) => T) {
  const broker = useBroker();
  const { may } = useKnownMe();
  return useQuery({
    queryKey: ['roles'],
    queryFn: ({ signal }) => broker('roles', { as: 'requester', signal }),
    select,
    enabled: may.requester,
    staleTime: 60_000,
  });
}

/** Asks the reviewer which lease fits a task that is described in plain words. Does not request the lease. */
export function usePropose() {
  const broker = useBroker();
  return useMutation({
    mutationFn: async (intent: string) => ({
      intent,
      proposal: await broker('propose', { as: 'requester', body: { intent } }),
    }),
  });
}

/**
 * Sends a request, and returns the id of its lease. If the response is lost and the request is repeated, no second
 * lease is created.
 */
export function useSendRequest() {
  const broker = useBroker();
  const queries = useQueryClient();
  const [sender] = useState(() => new RequestSender());
  return useMutation({
    mutationFn: (body: RequestByRole) => sender.send(broker, body),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['leases'] }),
  });
}

/** Opens the AWS console with a lease. The lease is then read again, because its time has begun. */
export function useOpenAwsConsole(lease: string) {
  const broker = useBroker();
  const readAgain = useReadAgain(lease);
  return useMutation({
    mutationFn: (tab: Window | null) => openAwsConsole(broker, lease, tab),
    onSettled: readAgain,
    // The tab must not wait for a network that comes back later.
    networkMode: 'always',
  });
}

const WAITING: readonly LeaseView['state'][] = ['requested', 'pending'];
/** Milliseconds between two calls, so that a broker that does not wait is not called in a loop. */
const PAUSE = 1000;

/**
 * Has a lease that the person requested read again when it has changed: the broker answers when it changes, or after
 * some seconds.
 */
export function useFollowedLease(lease: FoldedLease, state: LeaseView['state']) {
  const broker = useBroker();
  const queries = useQueryClient();
  const isOwnLease = useIsOwn(lease);
  const { id } = lease;
  const { sequence } = lease.last;
  const progress = useQuery({
    queryKey: ['progress', id, sequence],
    queryFn: async ({ signal }) => {
      const query = { wait: String(LONGEST_WAIT), after: String(sequence) };
      return (await broker('status', { as: 'requester', path: { lease: id }, query, signal })).sequence;
    },
    enabled: isOwnLease && WAITING.includes(state),
    refetchInterval: PAUSE,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const changed = progress.data !== undefined && progress.data > sequence;
  useEffect(() => {
    if (changed) void queries.invalidateQueries({ queryKey: ['lease', id] });
  }, [changed, id, queries]);
  return isOwnLease;
}

function useIsOwn(lease: FoldedLease): boolean {
  const broker = useBroker();
  const { id } = lease;
  const known = isOwn(useKnownMe(), lease);
  const asked = useQuery({
    queryKey: ['own', id],
    queryFn: ({ signal }) => isOwnAtBroker(broker, id, signal),
    enabled: known === undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return known ?? asked.data ?? false;
}
