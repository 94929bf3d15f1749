/**
 * The person of a connection, in the context that the authorizer returns. API Gateway keeps the context for as long as
 * the connection lasts and hands it to the functions, so that the token is stored in no table. Access logs do not
 * contain it.
 */

import * as z from 'zod';
import { AccessToken } from '../core/person';
import type { SignedIn } from '../core/verify-token';

/** API Gateway turns every value into a text. */
const context = z.object({
  key: z.string(),
  name: z.string(),
  kind: z.enum(['customer', 'employee', 'administrator']),
  token: z.string(),
  expiresAt: z.coerce.number(),
});

export function contextOf({ person, token }: SignedIn): Readonly<Record<string, string | number>> {
  return { ...person, token: token.reveal(), expiresAt: token.expiresAt };
}

/** @throws if an event did not come through the authorizer */
export function signedInOf(authorizer: unknown): SignedIn {
  const { token, expiresAt, ...person } = context.parse(authorizer);
  return { person, token: new AccessToken(token, expiresAt) };
}
