/**
 * The two doors of the broker. One accepts signatures of IAM, the other tokens of a sign-in. Each accepts only what its
 * own authorizer verified; the token is verified here once more.
 */
import { PERSON_KINDS, type PersonKind } from '@leasehold/documents';
import { type SignedIn, TokenInvalid } from '../ports';
import { callerOfAccount } from '../service/account';
import { type Caller, callerOf } from '../service/caller';
import type { Deps } from '../service/deps';
import { BrokerFault } from '../service/fault';
import type { ApiEvent } from './event';
import { doorOf } from './read';

/**
 * The caller behind a request.
 * @returns undefined for a caller that may not use this door.
 * @throws {BrokerFault} `sign-in-invalid`, `unavailable`
 */
export async function callerOfEvent(deps: Deps, event: ApiEvent): Promise<Caller | undefined> {
  const { iam, jwt } = event.requestContext.authorizer ?? {};
  // API Gateway never sends both, so it did not send this event.
  if (iam !== undefined && jwt !== undefined) return undefined;
  switch (doorOf(event)) {
    case 'iam':
      return iam?.userArn === undefined ? undefined : callerOf(iam.userArn, deps.environment);
    case 'token': {
      const kind = kindOf(event);
      if (jwt === undefined || kind === undefined) return undefined;
      const account = await accountOf(deps, event);
      const { iss, sub } = jwt.claims ?? {};
      if (iss !== account.issuer || sub !== account.sub) return undefined;
      return callerOfAccount(account, kind, deps.environment);
    }
    case undefined:
      return undefined;
  }
}

/** The kind of person as which somebody calls: their groups and the definitions decide whether they may. */
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
    const message = `The token of the sign-in is not accepted: ${error.why}.`;
    throw new BrokerFault('sign-in-invalid', message, {}, { cause: error });
  }
}
