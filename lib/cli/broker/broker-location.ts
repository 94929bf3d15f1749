/** Finds the address of a broker, and the roles that people assume to call the broker. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { CONSOLE_PATH, PEOPLE_PATH, type PersonKind } from '@leasehold/documents';
import { type Manifest, readManifest } from '@leasehold/runtime';
import { brokerEndpoint, stsEndpoint } from '@leasehold/runtime/broker';
import { type Command, Option } from 'commander';
import { UsageError } from '../exit';
import { MANIFEST } from '../leasing';
import { type IdentityFlags, identityOption } from '../login/identity';
import type { Shell } from '../shell';

/** The options shared by all commands that call a broker. */
export interface BrokerFlags {
  readonly manifest?: string;
  readonly broker?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly mfaSerial?: string;
  readonly identity?: NonNullable<IdentityFlags['identity']>;
  /** The kind of role that the person assumes, if several kinds are possible. */
  readonly kind?: PersonKind;
}

/** The address of a broker, and the data needed to sign in to the broker. */
export interface BrokerPlace {
  /** Without a slash at the end. */
  readonly url: string;
  readonly region: string;
  /** Regional STS endpoint that people use to sign in. */
  readonly stsEndpoint: string;
  /** ARN of the role for a kind of person, built for the caller's account. Undefined if there is no such role. */
  readonly roleOf: (kind: PersonKind, caller: Pick<Account, 'partition' | 'account'>) => string | undefined;
  /** Address of the console, without a slash at the end. */
  readonly console: string;
  /** The manifest of the stack, if a manifest was specified or found. */
  readonly manifest: Manifest | undefined;
  /** Whether this is the broker in the manifest, in any spelling of its address. */
  readonly isInManifest: boolean;
}

interface Account {
  readonly partition: string;
  readonly account: string;
}

/**
 * Adds the options that specify the broker's location and the person who signs in. Pass `kinds` if several kinds of
 * people may use the command.
 */
export function brokerOptions(command: Command, kinds: readonly PersonKind[] = []): Command {
  command
    .option('--manifest <file>', `the stack's \`leasehold\` output; default: LEASEHOLD_MANIFEST, or ${MANIFEST}`)
    .option(
      '--broker <url>',
      "the broker's address, including its stage; default: LEASEHOLD_BROKER_URL, or the manifest's",
    )
    .option('--region <name>', "the broker's region; default: the manifest's, or the one in its address")
    .option('--profile <name>', "the AWS profile of your own IAM user; default: the AWS SDK's own search")
    .option(
      '--mfa-serial <arn>',
      'your MFA device; default: LEASEHOLD_MFA_SERIAL, or the device with the name of your user',
    );
  identityOption(command);
  const [first] = kinds;
  return first === undefined || kinds.length === 1
    ? command
    : command.addOption(
        new Option(
          '--kind <kind>',
          `the kind of role that you sign in to, or the capacity in which you act with a login; default: ${first}`,
        ).choices(kinds),
      );
}

/**
 * The broker specified by the options or by a manifest. Undefined if neither specifies a broker.
 * @throws UsageError, LeaseError
 */
export function findBroker(flags: BrokerFlags, { host }: Shell): BrokerPlace | undefined {
  const manifest = manifestOf(flags, host);
  const url = brokerEndpoint(flags.broker, manifest?.broker?.url, { ...host.env });
  if (url === undefined) return undefined;
  const region = flags.region ?? manifest?.broker?.region ?? regionOf(url);
  if (region === undefined) {
    throw new UsageError('the address of the broker does not contain its region', {
      expected: '--region, or a manifest',
      hint: 'Add --region NAME.',
    });
  }
  const people = manifest?.broker?.people;
  const isInManifest = url === brokerOf(manifest);
  return {
    url,
    region,
    stsEndpoint: stsEndpoint(undefined, manifest?.stsEndpoint ?? regionalSts(url, region), { ...host.env }),
    roleOf: (kind, caller) => (people === undefined ? roleByStage(url, kind, caller) : people[kind]),
    console: (isInManifest ? manifest?.broker?.console : undefined) ?? `${url}${CONSOLE_PATH}`,
    manifest,
    isInManifest,
  };
}

/**
 * The broker specified by the options or by a manifest.
 * @throws UsageError if neither specifies a broker
 */
export function demandBroker(flags: BrokerFlags, shell: Shell): BrokerPlace {
  const place = findBroker(flags, shell);
  if (place !== undefined) return place;
  const manifest = manifestOf(flags, shell.host);
  throw manifest === undefined
    ? new UsageError('no broker is named, and there is no leasehold.json here', {
        expected: "the stack's `leasehold` output, or --broker",
        hint: 'Write it after the first apply: npx leasehold manifest --env ENVIRONMENT --broker-url URL > leasehold.json',
      })
    : new UsageError(`${manifest.project} ${manifest.environment} has no broker`, {
        hint: 'Add a document of `kind: Broker`, deploy, and take the output anew.',
      });
}

/** The address of a manifest's own broker. */
function brokerOf(manifest: Manifest | undefined): string | undefined {
  return brokerEndpoint(undefined, manifest?.broker?.url, {});
}

/** The default manifest file is not used if the user specified a broker. */
function manifestOf({ manifest, broker }: BrokerFlags, host: Shell['host']): Manifest | undefined {
  const named = manifest ?? (host.env.LEASEHOLD_MANIFEST || undefined);
  if (named !== undefined) return readManifest(resolve(host.cwd, named));
  const found = resolve(host.cwd, MANIFEST);
  return broker === undefined && existsSync(found) ? readManifest(found) : undefined;
}

/**
 * The region in the address of an API. Source:
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-publish.html
 */
function regionOf(url: string): string | undefined {
  return /^[a-z0-9]+\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/.exec(new URL(url).hostname)?.[1];
}

function regionalSts(url: string, region: string): string {
  return `https://sts.${region}.amazonaws.com${new URL(url).hostname.endsWith('.cn') ? '.cn' : ''}`;
}

/** The API stage and the roles that people assume are named after the stack. */
function roleByStage(url: string, kind: PersonKind, { partition, account }: Account): string | undefined {
  const stack = /^\/leasehold-([a-z0-9-]+)$/.exec(new URL(url).pathname)?.[1];
  return stack === undefined ? undefined : `arn:${partition}:iam::${account}:role${PEOPLE_PATH}${stack}-${kind}`;
}
