/**
 * The two kinds of authentication ("doors") of the broker: IAM signatures, and tokens from a sign-in. Each door accepts
 * only callers that its own API Gateway authorizer verified. A token is verified once more here.
 */
import { PERSON_KINDS, type PersonKind } from '@leasehold/documents';
import { TokenInvalid } from '../port-errors';
import type { SignedIn } from '../ports';
import { callerOfAccount, requesterKeysOf } from '../service/account';
import { type Caller, callerOf } from '../service/caller';
import type { Deps } from '../service/deps';
import { BrokerFault } from '../service/fault';
import type { ApiEvent } from './event';
import { doorOf } from './read';

/**
 * The caller of a request.
 * @returns undefined for a caller for whom this kind of authentication is not permitted.
 * @throws {BrokerFault} `sign-in-invalid`, `unavailable`
 */
export async function callerOfEvent(deps: Deps, event: ApiEvent): Promise<Caller | undefined> {
  const { iam, jwt } = event.requestContext.authorizer ?? {};
  // API Gateway never sends both, so an event with both does not come from API Gateway.
  if (iam !== undefined && jwt !== undefined) return undefined;
  switch (doorOf(event)) {
    case 'iam':
      return iam?.userArn === undefined ? undefined : callerOf(iam.userArn, deps.environment);
    case 'token': {
      const kind = kindOf(event);
      if (kind === undefined) return undefined;
      const account = await verifiedAccount(deps, event);
      return account && callerOfAccount(account, kind, deps.environment);
    }
    case undefined:
      return undefined;
  }
}

/**
 * The keys under which somebody who is not permitted to enter as a requester may have requested leases. Empty unless
 * the caller signed in.
 * @throws {BrokerFault} `sign-in-invalid`, `unavailable`
 */
export async function keysOfFormerRequester(deps: Deps, event: ApiEvent): Promise<readonly string[]> {
  if (doorOf(event) !== 'token' || kindOf(event) !== 'requester') return [];
  const { iam } = event.requestContext.authorizer ?? {};
  const account = iam === undefined ? await verifiedAccount(deps, event) : undefined;
  return account === undefined ? [] : requesterKeysOf(account, deps.environment);
}

/** The account of a token that API Gateway verified, and that is verified again. */
async function verifiedAccount(deps: Deps, event: ApiEvent): Promise<SignedIn | undefined> {
  const { jwt } = event.requestContext.authorizer ?? {};
  if (jwt === undefined) return undefined;
  const account = await accountOf(deps, event);
  const { iss, sub } = jwt.claims ?? {};
  return iss === account.issuer && sub === account.sub ? account : undefined;
}

/**
 * The kind of person that a caller claims to be. The caller's groups and the definitions decide whether this is
 * permitted.
 */
function kindOf({ pathParameters }: ApiEvent): PersonKind | undefined {
  return PERSON_KINDS.find((kind) => kind === pathParameters?.as);
}

async function accountOf({ signIn }: Deps, { headers }: ApiEvent): Promise<SignedIn> {
  if (signIn === undefined) throw new BrokerFault('forbidden', 'Nobody signs in to this broker.');
  const [, token] = /^Bearer ([!-~]+)$/i.exec(headers.authorization ?? '') ?? [];
  if (token === undefined) throw new BrokerFault('sign-in-invalid', 'The request has no token of a sign-in.');
  try {
    return await signIn.verify(token);
  } catch (error) {
    if (!(error instanceof TokenInvalid)) throw error;
    if (error.why === 'keys-unavailable') {
      throw new BrokerFault('unavailable', "The issuer's keys cannot be read.", { retryAfter: 5 }, { cause: error });
    }
    const message = `The sign-in token is not accepted: ${error.why}.`;
    throw new BrokerFault('sign-in-invalid', message, {}, { cause: error });
  }
}
