/** Verifies the machine's clock, AWS endpoints and software versions. */
import { join } from 'node:path';
import { stsEndpoint } from '@leasehold/documents';
import { partitionOf } from '@leasehold/policy';
import { observeEach, Unread } from '../unread';
import type { Damage, MachineVerification } from '../verification';
import type { Machine, Sdk } from './machine';

/** AWS rejects a signed request whose time differs from AWS's time by more than five minutes. */
const MOST_SKEW_SECONDS = 300;
/** An MFA code is accepted in its 30-second step, in the step before, and in the step after. */
const CODE_SKEW_SECONDS = 30;

export const hereClock: MachineVerification = {
  id: 'here-clock',
  part: 'here',
  severity: 'medium',
  title: "The machine's clock agrees with AWS",
  why: 'AWS refuses a signature whose time differs from the current time by more than five minutes. The runtime uses the clock of this machine to compute the end of a lease.',
  verify: async (machine) => {
    const url = stsUrl(machine);
    const before = machine.now();
    const there = await machine.timeAt(url);
    const middle = (before.getTime() + machine.now().getTime()) / 2;
    // The `Date` header has a resolution of one second.
    return clockFault(there.getTime() + 500 - middle);
  },
};

/** @throws Unread if the region in the variables is not one of AWS, so that only hosts of AWS are asked */
function stsUrl({ env }: Machine): string {
  const region = env.AWS_REGION || env.AWS_DEFAULT_REGION || 'us-east-1';
  const partition = partitionOf(region);
  if (partition !== undefined) return stsEndpoint({ partition, region });
  throw new Unread({
    code: 'unreadable',
    message: `${env.AWS_REGION ? 'AWS_REGION' : 'AWS_DEFAULT_REGION'} is not a region of AWS`,
    hint: 'Set the variable to the region of the stack, for example eu-west-1.',
  });
}

/** The damage of a clock that AWS's time is ahead of by so many milliseconds, or behind if the number is negative. */
export function clockFault(milliseconds: number): readonly Damage[] {
  const seconds = Math.round(Math.abs(milliseconds) / 1000);
  if (seconds <= CODE_SKEW_SECONDS) return [];
  return [
    {
      kind: 'damage',
      place: 'clock',
      severity: seconds > MOST_SKEW_SECONDS ? 'high' : 'medium',
      message: `The clock is ${seconds} seconds ${milliseconds > 0 ? 'behind' : 'ahead of'} AWS's.`,
      hint: 'Turn on time synchronisation (NTP).',
    },
  ];
}

export const hereEndpointVariables: MachineVerification = {
  id: 'here-endpoint-variables',
  part: 'here',
  severity: 'high',
  title: 'No variable or configuration file redirects AWS calls to another address',
  why: 'If AWS_ENDPOINT_URL, or `endpoint_url` in a configuration file, is set, every SDK sends its calls, including MFA codes, to that address. With AWS_STS_REGIONAL_ENDPOINTS=legacy, STS is called at its global endpoint, which is slower and issues credentials that are not valid in all regions.',
  verify: async (machine) => [
    ...Object.entries(machine.env).flatMap(([name, value]) => (value ? variableFaults(name, value) : [])),
    ...(await observeEach(
      configurationFiles(machine),
      (path) => path,
      async (path) => configuredAddresses((await machine.text(path)) ?? '').map((value) => redirected(path, value)),
    )),
  ],
};

function variableFaults(name: string, value: string): readonly Damage[] {
  if (/^AWS_ENDPOINT_URL(_[A-Z0-9_]+)?$/.test(name)) return [redirected(name, value)];
  if (name !== 'AWS_STS_REGIONAL_ENDPOINTS' || value.toLowerCase() !== 'legacy') return [];
  return [
    {
      kind: 'damage',
      place: name,
      severity: 'medium',
      message: 'Old SDKs call the global endpoint of STS.',
      hint: 'Set it to `regional`, or unset it.',
    },
  ];
}

function redirected(place: string, address: string): Damage {
  const local = isLoopback(address);
  return {
    kind: 'damage',
    place,
    severity: local ? 'medium' : 'high',
    message: `${place} sends calls to ${local ? 'this machine' : 'another address than that of AWS'}.`,
    hint: 'Remove this setting, unless the agent is meant to use the sandbox or a VPC endpoint.',
  };
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html */
function configurationFiles({ env, home }: Machine): readonly string[] {
  return [
    env.AWS_CONFIG_FILE || join(home, '.aws', 'config'),
    env.AWS_SHARED_CREDENTIALS_FILE || join(home, '.aws', 'credentials'),
  ];
}

/** Endpoint URLs in all profiles and `services` sections of a configuration file. */
function configuredAddresses(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*endpoint_url[ \t]*=[ \t]*(\S+)/gim)].map(([, address = '']) => address);
}

function isLoopback(address: string): boolean {
  try {
    return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(address).hostname);
  } catch {
    return false;
  }
}

/**
 * The first SDK versions that can read the token of a container credentials endpoint from a file. Older versions read
 * it only from a variable. Source: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-minimum-sdk.html
 */
const TOKEN_FILE_SINCE: Readonly<Record<Sdk, readonly [name: string, since: string]>> = {
  'aws-cli': ['the AWS CLI', '2.15.0'],
  botocore: ['botocore', '1.34.41'],
  javascript: ['the AWS SDK for JavaScript', '3.458.0'],
};
/** The first 1.x version of the AWS CLI with this feature. */
const AWS_CLI_1 = '1.30.0';

export const hereSdks: MachineVerification = {
  id: 'here-sdks',
  part: 'here',
  severity: 'medium',
  title: 'The installed AWS SDKs read the token file of `leasehold serve`',
  why: 'An SDK that does not read this file depends on AWS_CONTAINER_AUTHORIZATION_TOKEN, which the lines printed by `leasehold serve` set. Without this variable, or after a restart of `leasehold serve`, such an SDK finds no lease, and may look for other credentials.',
  verify: (machine) =>
    observeEach(
      Object.entries(TOKEN_FILE_SINCE),
      ([, [name]]) => name,
      async ([sdk, [name, since]]): Promise<readonly Damage[]> => {
        const version = await machine.version(sdk as Sdk);
        if (version === undefined) return [];
        const least = sdk === 'aws-cli' && version.startsWith('1.') ? AWS_CLI_1 : since;
        if (!isOlder(version, least)) return [];
        return [
          {
            kind: 'damage',
            place: name,
            message: `${name.charAt(0).toUpperCase()}${name.slice(1)} has version ${version}, which does not read token files.`,
            hint: `Update to version ${least} or later. Until then, run all lines that \`leasehold serve\` prints, again after each restart of it, or use \`leasehold exec\`.`,
          },
        ];
      },
    ),
};

/** The minimum Node version of Leasehold, and the minimum Node version of future AWS SDKs. */
const NODE_LEAST = '20.19.0';
const NODE_SOON = '22.0.0';

export const hereNode: MachineVerification = {
  id: 'here-node',
  part: 'here',
  severity: 'low',
  title: 'Node is a supported version',
  why: `Leasehold needs Node ${NODE_LEAST}. The AWS SDK for JavaScript needs Node 22 from January 2027 on.`,
  verify: async ({ nodeVersion }) => {
    if (!isOlder(nodeVersion, NODE_SOON)) return [];
    const old = isOlder(nodeVersion, NODE_LEAST);
    return [
      {
        kind: 'damage',
        place: 'Node',
        severity: old ? 'high' : 'low',
        message: `Node has version ${nodeVersion}.`,
        hint: old ? `Update it to ${NODE_LEAST} or later.` : 'Update it to 22 or later.',
      },
    ];
  },
};

/** Compares versions number by number. */
function isOlder(version: string, than: string): boolean {
  const [left, right] = [version, than].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (const [index, part] of (right ?? []).entries()) {
    const own = left?.[index] ?? 0;
    if (own !== part) return own < part;
  }
  return false;
}
