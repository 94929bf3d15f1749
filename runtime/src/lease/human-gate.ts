/** Gate `mfa`: the agent makes its own STS call, which contains a code from a person. */

import { defined } from '@leasehold/contract/defined';
import { reasonTag } from '@leasehold/contract/text';
import type { ApprovalChannel, ApprovalOutcome } from '../approval';
import { utc } from '../approval-text';
import { invalidRequest } from '../errors';
import type { PendingLease } from '../lease-client';
import { LeaseError } from '../lease-error';
import type { Manifest } from '../manifest';
import { noticesOf } from '../permissions';
import { askHuman, usedCode } from './ask-human';
import type { AskedByCode } from './code-request';
import { frozenGrant, IssuedLease } from './issued-lease';
import { newLeaseId } from './lease-id';

import type { Sts } from './sts';
import { UsedCodes } from './used-codes';

/** The dependencies of the gate. */
export interface HumanGateOptions {
  readonly manifest: Manifest;
  /** The approval channel. Undefined if no person can be asked. */
  readonly approval: ApprovalChannel | undefined;
  /** Seconds that a person has to answer. */
  readonly answerWithin: number;
  readonly sts: Sts;
  /** Returns milliseconds since 1970. */
  readonly now: () => number;
  /** {@link import('../lease-client').LeaseClientOptions.usedCodes} */
  readonly usedCodes?: string | undefined;
}

export class HumanGate {
  readonly #options: HumanGateOptions;
  readonly #used: UsedCodes;

  constructor(options: HumanGateOptions) {
    this.#options = options;
    this.#used = new UsedCodes(options.now, options.usedCodes);
  }

  /**
   * Checks, before a person is asked, that a person can be asked and that the lease could be opened after an approval.
   * @throws LeaseError
   */
  async demandReady({ agent }: AskedByCode, signal: AbortSignal): Promise<void> {
    this.#channel();
    await this.#options.sts.demandReady(agent, signal);
  }

  /** Asks the person, opens the lease, and reports the outcome to the channel. @throws LeaseError */
  async open(
    asked: AskedByCode,
    signal: AbortSignal,
    pending: (lease: PendingLease) => void = () => {},
  ): Promise<IssuedLease> {
    let tell: (outcome: ApprovalOutcome) => void = () => {};
    const outcome = new Promise<ApprovalOutcome>((resolve) => {
      tell = resolve;
    });
    try {
      const lease = await this.#opened(asked, outcome, signal, pending);
      tell({ opened: true, because: `It is open until ${utc(lease.expiresAt)}.` });
      return lease;
    } catch (error) {
      tell({ opened: false, because: error instanceof LeaseError ? error.message : 'AWS was not called' });
      throw error;
    }
  }

  async #opened(
    asked: AskedByCode,
    outcome: Promise<ApprovalOutcome>,
    signal: AbortSignal,
    pending: (lease: PendingLease) => void,
  ): Promise<IssuedLease> {
    const { answerWithin, sts, now: clock } = this.#options;
    const { role, parameters, reason, durationSeconds, permissions } = asked;
    const { session, ...manifest } = this.#options.manifest;
    const now = clock();
    const id = newLeaseId(session.leaseIdPrefix, now);
    const deviceOf = (name: string) => asked.agent.entry.mfaDevices[name] ?? '';
    const grant = frozenGrant({ role: role.name, parameters, permissions, reason, durationSeconds });
    const notices = noticesOf(grant.permissions, role.entry);
    const answerBy = new Date(now + answerWithin * 1000);
    pending({ id, gate: 'mfa', answerBy, approvers: [...asked.approvers] });
    const { approver, code } = await askHuman(
      this.#channel(),
      {
        id,
        role: role.name,
        roleArn: role.entry.arn,
        purpose: role.entry.purpose,
        project: manifest.project,
        environment: manifest.environment,
        account: manifest.account,
        agent: asked.agent.entry.arn,
        reason,
        ...defined({ command: asked.command }),
        parameters: grant.parameters,
        permissions: grant.permissions,
        ...(notices.length === 0 ? {} : { notices }),
        durationSeconds,
        expiresAt: new Date(now + durationSeconds * 1000),
        answerBy,
        approvers: [...asked.approvers],
      },
      answerWithin,
      signal,
      { outcome, isUsed: (name, digits) => this.#used.has(deviceOf(name), digits) },
    );
    const device = deviceOf(approver);
    if (!this.#used.add(device, code)) throw usedCode();
    const parts = await sts
      .assumeRole(
        {
          id,
          roleArn: role.entry.arn,
          sourceIdentity: asked.sourceIdentity,
          serialNumber: device,
          code,
          durationSeconds,
          tags: { 'lease-id': id, reason: reasonTag(reason), ...tagsOf(parameters) },
          ...defined({ policy: asked.policy }),
        },
        signal,
      )
      .catch((error: unknown) => {
        const { cause } = error as LeaseError;
        if (cause instanceof Error && /MultiFactorAuthentication failed/i.test(cause.message))
          this.#used.forget(device, code);
        throw error;
      });
    return new IssuedLease({ id, grant, parts, now: clock, cut: (from, to) => sts.scoped(from, to) });
  }

  #channel(): ApprovalChannel {
    const { approval } = this.#options;
    if (approval !== undefined) return approval;
    throw noChannel();
  }
}

/** The error for a client without an approval channel. */
export function noChannel(): Error {
  return invalidRequest(
    'there is no approval channel',
    'Pass one as `approval`, for example terminal() of @leasehold/runtime/terminal.',
  );
}

function tagsOf(parameters: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`param.${name}`, value]));
}
