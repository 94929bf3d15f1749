/**
 * The authorizing proxy. It determines which permissions a request needs, checks that all permissions are allowed, and
 * only then forwards the request to the backing server.
 */

import { append } from '@leasehold/contract/any-length';
import { parameterTag } from '@leasehold/documents';
import type { Assumption } from './assumptions';
import { authorize } from './authorize';
import type { Backings } from './backings';
import { globalContext } from './context';
import { type Caller, callerArn } from './credentials/caller';
import { denialMessage } from './denial';
import { denied } from './denied';
import { Learner } from './learn';
import { mapRequest } from './map-request';
import type { ProxyCall } from './proxy-call';
import type { MappedCall, Need, SignedRequest } from './service-mapping';
import type { Answer } from './wire/answer';
import { receipt } from './wire/receipt';

export class AuthorisingProxy {
  readonly #backings: Backings;
  readonly #learner: Learner;
  readonly #violates: (assumption: Assumption) => boolean;

  constructor(backings: Backings, violates: (assumption: Assumption) => boolean) {
    this.#backings = backings;
    this.#learner = new Learner(backings);
    this.#violates = violates;
  }

  /** The response to an allowed request. Throws for any other request. */
  async serve(call: ProxyCall): Promise<Answer> {
    const { mapping, request, caller, facts, exchange } = call;
    const map = (read: SignedRequest) => mapRequest(mapping, read);
    const mapped = this.#backings.any ? await this.#learner.map(request, map) : map(request);
    const { draft } = exchange;
    draft.eventName = mapped.operation;
    draft.requestParameters = mapped.parameters;
    const [first, ...rest] = this.#needs(mapped, caller);
    const { refused, decisions } =
      first === undefined
        ? { refused: undefined, decisions: [] }
        : authorize(caller, [first, ...rest], globalContext(caller, facts));
    append(draft.decisions, decisions);
    if (refused) {
      const quoting = request.protocol === 's3' ? 'quoted' : 'plain';
      throw denied(mapping, request.protocol, denialMessage(refused, callerArn(caller), quoting));
    }
    const backing = this.#backings.of(request.service);
    if (!backing) return receipt(request, mapped.operation, exchange.requestId);
    const answer = await backing.forward(call, mapped);
    this.#learner.forget(mapped);
    return answer;
  }

  /**
   * The permissions that a call needs. Only in a sandbox that violates an assumption about AWS do they differ from the
   * permissions in the mapping.
   */
  #needs({ operation, needs }: MappedCall, { session }: Caller): readonly Need[] {
    if (operation === 'ListObjectsV2' && this.#violates('s3-prefix')) {
      return needs.filter(({ context }) => (context['s3:prefix'] ?? '') !== '');
    }
    if (operation === 'Scan' && this.#violates('scan-without-leading-keys')) {
      const parameters = Object.entries(session?.tags ?? {}).filter(([key]) => key.startsWith(parameterTag('')));
      const keys = parameters.map(([, value]) => value);
      return needs.map(({ context, ...need }) => ({ ...need, context: { ...context, 'dynamodb:LeadingKeys': keys } }));
    }
    if (!operation.startsWith('Batch') || !this.#violates('leading-keys')) return needs;
    return needs.map(({ context: { 'dynamodb:LeadingKeys': _, ...context }, ...need }) => ({ ...need, context }));
  }
}
