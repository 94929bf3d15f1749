/**
 * Assembles the ports of a broker: AWS adapters, the reviewer, tokens, time and randomness. The function and the local
 * broker use the same code.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import type { AwsPorts } from '../adapters/aws';
import { NONCE_BYTES } from '../consent/statement';
import type { Clock, ConsentPorts, ReviewerPort, SecretReader, Telemetry } from '../ports';
import { type KeySource, reviewerOf } from '../reviewers';
import type { Ports } from '../service/deps';
import { base32 } from '../service/offer';
import { signInRules, signInVerifierOf, tokenVerifierOf, type UserPool } from '../tokens';

export type { UserPool } from '../tokens';

/** The parts that do not come from AWS. */
export interface Compose {
  readonly environment: Environment;
  readonly aws: AwsPorts;
  readonly telemetry: Telemetry;
  /** @default the system clock */
  readonly clock?: Clock;
  /**
   * The reviewer.
   * @default the reviewer that the definitions specify
   */
  readonly reviewer?: ReviewerPort | 'none';
  /**
   * The deployed user pool.
   * @default none; nobody can then sign in if the definitions specify `cognito`
   */
  readonly pool?: UserPool;
  /**
   * The site at which people use passkeys.
   * @default the console's domain; without a domain, nobody can use a passkey
   */
  readonly relyingParty?: ConsentPorts['relyingParty'];
}

/**
 * The site on which people use the passkeys that they registered for an environment. Undefined if the console has no
 * domain.
 */
function relyingPartyOf({ broker }: Environment): ConsentPorts['relyingParty'] | undefined {
  const { people, console: site } = broker ?? {};
  if (people === undefined || site === undefined) return undefined;
  return { id: site.domain, origin: `https://${site.domain}` };
}

/** Creates the ports for an environment's broker. */
export function composePorts(options: Compose): Ports {
  const { environment, aws, telemetry, clock = machineClock, reviewer, pool } = options;
  const { relyingParty = relyingPartyOf(environment) } = options;
  const { leases, principals, administration, keys, tickets, issuer, revoker, health, reviewerKey } = aws;
  const chosen = reviewer ?? reviewerOf(environment.broker?.reviewer, { keys: keySource(reviewerKey) }) ?? 'none';
  const tokens = tokenVerifierOf(environment.broker?.subjects ?? []);
  const rules = environment.broker?.people && signInRules(environment.broker.people, pool);
  const signIn = rules && signInVerifierOf(rules);
  return {
    leases,
    principals,
    administration,
    issuer,
    revoker,
    ...defined({ health }),
    ...(chosen === 'none' ? {} : { reviewer: chosen }),
    ...defined({ tokens, signIn }),
    ...(relyingParty === undefined
      ? {}
      : { consent: { relyingParty, keys, tickets, newNonce: () => randomBytes(NONCE_BYTES) } }),
    telemetry,
    clock,
    newId: () => base32(randomBytes(32)),
    pause: async (milliseconds) => {
      await wait(milliseconds);
    },
    backOff: async (tries) => {
      await wait(Math.random() * Math.min(LONGEST_BACK_OFF, SHORTEST_BACK_OFF * 2 ** tries));
    },
  };
}

/** Milliseconds. */
const SHORTEST_BACK_OFF = 5;
const LONGEST_BACK_OFF = 250;

function machineClock(): number {
  return Math.floor(Date.now() / 1000);
}

/** Provides the reviewer's API key from a secret. If the key is rejected, the secret is read again. */
function keySource(secret: SecretReader): KeySource {
  let last: string | undefined;
  let refused: string | undefined;
  return {
    key: async () => {
      last = await secret.read(refused);
      return last;
    },
    invalidate: () => {
      refused = last;
    },
  };
}
