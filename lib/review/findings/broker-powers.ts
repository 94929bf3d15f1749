/** Builds the finding about control over a broker, and lists the AWS resources of each part of the broker. */
import type { BrokerPart } from '@leasehold/documents';
import type { Broker } from '../brokers/brokers-of-plan';
import type { Severity } from '../review';
import type { FindingKind } from './finding';

export const brokerPowerGained: FindingKind = {
  id: 'broker-power-gained',
  title: 'Somebody gains a permission that only the broker should have',
  severities: ['critical', 'high'],
  why: 'Anyone who can call the function without its API, determine what it runs, or use its role, can open every role that the broker can open. Anyone who can write its records or generate MACs for them can forge approvals.',
  hint: "Remove the permissions for these actions, or deny these actions on the broker's resources. Only the API and the schedule of the broker should call the broker function, and only this function should use its role.",
};

/**
 * Describes what an identity with control over each part of the broker could do, as the end of a sentence after
 * "could".
 */
export const POWER: Readonly<Record<BrokerPart, { readonly severity: Severity; readonly words: string }>> = {
  function: { severity: 'critical', words: 'call its function as any agent or approver' },
  code: { severity: 'critical', words: 'decide what its function runs' },
  role: { severity: 'critical', words: 'run something else with the role of its function' },
  console: { severity: 'high', words: 'decide what the page shows on which people sign approvals' },
  records: { severity: 'high', words: 'write or remove its records' },
  key: { severity: 'high', words: 'have records authenticated that it did not write' },
};

/** ARNs of the AWS resources that make up a part of the broker. */
export function targetsOf(part: BrokerPart, broker: Broker): readonly string[] {
  if (part === 'role') return [broker.role];
  if (part === 'records') return broker.tables;
  if (part === 'console') return broker.console === undefined ? [] : [broker.console, `${broker.console}:$LATEST`];
  // Includes versions and aliases of the function.
  return part === 'key' ? broker.keys : [broker.function, `${broker.function}:$LATEST`];
}

/** The severity of gaining a power over a broker. */
export function severityOf(part: BrokerPart, { certain }: Broker): Severity {
  return certain ? POWER[part].severity : 'high';
}

/** A broker in words. */
export function labelOf({ stack, certain }: Broker): string {
  return certain
    ? `the broker of ${stack}`
    : `the function ${stack}-broker, which is named as brokers of Leasehold are`;
}
