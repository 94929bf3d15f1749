/** Shows a grant to an approver: every value that the grant's hash covers, unchanged. */

import type { FoldedLease, Grant } from '@leasehold/broker';
import * as core from '@leasehold/broker/core';
import type { HandingRole } from '@leasehold/contract/permission';
import { visible } from '@leasehold/contract/text';
import { type AgentText, agentLines, LeaseError } from '@leasehold/runtime';
import type { Paint } from '../colour';
import { type Fact, renderFacts } from './facts';
import { demandKnownTexts, managedLines } from './managed';

/** A grant that waits for a decision, with its context. */
export type Waiting = Omit<core.WaitingGrant, 'managed'>;

/**
 * All facts that an approver needs, with the hash at the end.
 * @throws LeaseError if the permissions cannot be shown completely
 */
export function renderWaiting(waiting: Waiting, paint: Paint, columns?: number): string {
  const { lease, proposal } = waiting;
  demandKnownTexts(proposal.grant);
  const facts = shownWhole(() => core.waitingFacts({ ...waiting, managed: managedLines }));
  const title = paint('bold', `${visible(lease.id)} waits for an answer`);
  const words = renderWords(core.untrustedTexts(lease, proposal.grant), columns);
  return `${title}\n\n${renderFacts(facts, paint, columns)}\n${words}`;
}

/** Texts from programs that an attacker may control. They are shown below the facts, with a mark on every line. */
export function renderWords(words: readonly AgentText[], columns?: number): string {
  return agentLines(words, (columns ?? WIDTH + INDENT) - INDENT)
    .map((line) => `${' '.repeat(INDENT)}${line}\n`)
    .join('');
}

/** Width and indentation, in columns, of text from programs when the output is not a terminal. */
const WIDTH = 80;
const INDENT = 2;

/**
 * The values of a grant. Tags that only repeat a shown value are omitted; all other tags are shown.
 * @throws LeaseError `denied` if the permissions cannot be shown completely
 */
export function grantFacts(grant: Grant, lease: FoldedLease, purpose?: string, entry?: HandingRole): readonly Fact[] {
  return shownWhole(() => core.grantFacts(grant, lease, { purpose, entry, managed: managedLines }));
}

function shownWhole(facts: () => readonly Fact[]): readonly Fact[] {
  try {
    return facts();
  } catch (error) {
    if (!(error instanceof core.UnshownGrant)) throw error;
    throw new LeaseError(error.code, error.message, error.hint, false);
  }
}
