/**
 * Assembles the ports of a broker: AWS, the reviewer, tokens, time and randomness. The same on a laptop and in the
 * function.
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

/** The parts that do not come from AWS. */
export interface Compose {
  readonly environment: Environment;
  readonly aws: AwsPorts;
  readonly telemetry: Telemetry;
  /** @default the system clock */
  readonly clock?: Clock;
  /** @default the reviewer of the definitions */
  readonly reviewer?: ReviewerPort | 'none';
  /** The deployed user pool. @default none, so that nobody signs in where the definitions say `cognito` */
  readonly pool?: UserPool;
}

/** Where the people of an environment use passkeys. Without a domain of the console, they have none. */
function relyingPartyOf({ broker }: Environment): ConsentPorts['relyingParty'] | undefined {
  const { people, console: site } = broker ?? {};
  if (people === undefined || site === undefined) return undefined;
  return { id: site.domain, origin: `https://${site.domain}` };
}

/** Makes the ports of an environment's broker. */
export function composePorts(options: Compose): Ports {
  const { environment, aws, telemetry, clock = machineClock, reviewer, pool } = options;
  const { leases, principals, changes, keys, tickets, issuer, revoker, reviewerKey } = aws;
  const relyingParty = relyingPartyOf(environment);
  const chosen = reviewer ?? reviewerOf(environment.broker?.reviewer, { keys: keySource(reviewerKey) }) ?? 'none';
  const tokens = tokenVerifierOf(environment.broker?.subjects ?? []);
  const rules = environment.broker?.people && signInRules(environment.broker.people, pool);
  const signIn = rules && signInVerifierOf(rules);
  return {
    leases,
    principals,
    changes,
    issuer,
    revoker,
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

/** A secret as a key source: a rejected key is read again. */
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
