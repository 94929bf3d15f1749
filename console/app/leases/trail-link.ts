/** The address of a lease's calls in the AWS console: CloudTrail's event history of the lease's session. */
import type { FoldedLease } from '@leasehold/broker/core';

/** Hosts of the AWS console by partition. Source: https://docs.aws.amazon.com/awsconsolehelpdocs/latest/gsg/getting-started.html */
const CONSOLES: Readonly<Record<string, string>> = {
  aws: 'console.aws.amazon.com',
  'aws-cn': 'console.amazonaws.cn',
  'aws-us-gov': 'console.amazonaws-us-gov.com',
};

/**
 * Number of seconds before and after the lease that the address also covers, because clocks differ and CloudTrail is
 * delayed.
 */
const AROUND = 300;

export interface TrailLink {
  readonly href: string;
  /** The region whose events are shown. If undefined, the AWS console shows the region that it last showed. */
  readonly region: string | undefined;
}

/**
 * The address, or undefined for a lease that was never used, and for a partition that has no console. The name of the
 * session, which is the id of the lease, is CloudTrail's user name. Event history shows one region and the last 90
 * days. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-console.html
 */
export function trailLink({
  id,
  issued,
  proposal,
}: Pick<FoldedLease, 'id' | 'issued' | 'proposal'>): TrailLink | undefined {
  if (issued === undefined || proposal === undefined) return undefined;
  const { roleArn, policy } = proposal.grant;
  const partition = /^arn:([a-z-]+):iam::\d{12}:role\//.exec(roleArn)?.[1] ?? '';
  const console = Object.hasOwn(CONSOLES, partition) ? CONSOLES[partition] : undefined;
  if (console === undefined) return undefined;
  const region = onlyRegionIn(policy);
  const query = new URLSearchParams({
    Username: id,
    StartTime: time(issued.at - AROUND),
    EndTime: time(issued.until + AROUND),
  });
  const host = region === undefined ? console : `${region}.${console}`;
  const at = region === undefined ? '' : `?region=${region}`;
  return { href: `https://${host}/cloudtrailv2/home${at}#/events?${query}`, region };
}

/** The region of the resources, if all resources that have a region are in the same region. */
function onlyRegionIn(policy: object): string | undefined {
  const regions = new Set(
    [...JSON.stringify(policy).matchAll(/"arn:[a-z-]+:[a-z0-9-]+:([^:"]*):/g)].map(([, region]) => region ?? ''),
  );
  regions.delete('');
  const [region, ...others] = regions;
  return region !== undefined && others.length === 0 && /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/.test(region)
    ? region
    : undefined;
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString();
}
