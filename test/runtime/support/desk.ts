/** An agent at a sandbox, with an approver beside it. */

import { manifest } from '@leasehold/documents';
import { Approval, type ApprovalChannel, type ApprovalRequest, type LeaseClientOptions } from '@leasehold/runtime';
import { type HeldDevice, type Sandbox, startSandbox } from '@leasehold/sandbox';
import type { Environment } from '../../../lib/definitions/model';
import { Client } from '../../../runtime/src/lease/create-lease-client';
import { anEnvironment, aReleaseRole, definitions } from '../../support/environment';

/** Environment `dev` of project `hermes`: agent `agent`, role `s3-deploy`. */
export const DEV: Environment = anEnvironment({
  roles: [
    aReleaseRole({
      lease: { defaultSeconds: 900, maxSeconds: 1800 },
    }),
  ],
});

/** A request for a lease of `s3-deploy` that is in order. */
export const REQUEST = {
  reason: 'Upload release 1.4.2 to the deploy bucket',
  parameters: { release: '1.4.2' },
} as const;

/** A sandbox, the approver `lead` with a device in hand, and clients whose clock is the sandbox's. */
export class Desk {
  readonly sandbox: Sandbox;
  readonly device: HeldDevice;
  /** Every question that was asked. */
  readonly asked: ApprovalRequest[] = [];

  private constructor(
    sandbox: Sandbox,
    readonly environment: Environment,
  ) {
    this.sandbox = sandbox;
    this.device = sandbox.enrolMfaDevice('lead');
  }

  static async open(environment: Environment = DEV): Promise<Desk> {
    return new Desk(await startSandbox({ source: { definitions: definitions(environment) } }), environment);
  }

  /** Says yes at once, each time with the next code. */
  readonly yes: ApprovalChannel = async (request) => {
    this.asked.push(request);
    this.sandbox.clock.advance(30);
    return new Approval('lead', this.device.code());
  };

  client(options: Partial<LeaseClientOptions> = {}): Client {
    return new Client(
      {
        manifest: manifest(this.environment),
        approval: this.yes,
        credentials: this.sandbox.keys,
        endpoint: this.sandbox.url,
        ...options,
      },
      () => this.sandbox.clock.now(),
    );
  }

  close(): Promise<void> {
    return this.sandbox.stop();
  }
}

/** What an STS of a test's own answers when it is asked whose the agent's key is. */
export function callerIdentity(): string {
  const arn = 'arn:aws:iam::123456789012:user/agents/hermes-dev-agent';
  return `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${arn}</Arn></GetCallerIdentityResult></GetCallerIdentityResponse>`;
}
