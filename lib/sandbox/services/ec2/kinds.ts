/**
 * EC2 resource types, by the prefixes of their identifiers. Source:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import { type Context, type Need, type SignedRequest, UnmappedRequest } from '../../service-mapping';
import { anyArn, namedArn, quoted, type ResourceKind } from '../common/resources';

/** For each resource type: its name in ARNs, the prefix of its identifiers, and the condition key for an identifier. */
const ROWS = [
  ['instance', 'i', 'ec2:InstanceID'],
  ['volume', 'vol', 'ec2:VolumeID'],
  ['snapshot', 'snap', 'ec2:SnapshotID'],
  ['image', 'ami', 'ec2:ImageID'],
  ['security-group', 'sg', 'ec2:SecurityGroupID'],
  ['security-group-rule', 'sgr', undefined],
  ['subnet', 'subnet', 'ec2:SubnetID'],
  ['vpc', 'vpc', 'ec2:VpcID'],
  ['network-interface', 'eni', 'ec2:NetworkInterfaceID'],
  ['network-acl', 'acl', 'ec2:NetworkAclID'],
  ['route-table', 'rtb', 'ec2:RouteTableID'],
  ['internet-gateway', 'igw', 'ec2:InternetGatewayID'],
  ['natgateway', 'nat', undefined],
  ['elastic-ip', 'eipalloc', 'ec2:AllocationId'],
  ['key-pair', 'key', undefined],
  ['launch-template', 'lt', undefined],
  ['vpc-endpoint', 'vpce', undefined],
  ['vpc-peering-connection', 'pcx', 'ec2:VpcPeeringConnectionID'],
  ['dhcp-options', 'dopt', 'ec2:DhcpOptionsID'],
  ['vpc-flow-log', 'fl', undefined],
  ['transit-gateway', 'tgw', undefined],
  ['placement-group', 'pg', undefined],
] as const;

export type Kind = (typeof ROWS)[number][0];

/** The ARNs of images and snapshots do not contain an account. */
const SHARED: ReadonlySet<Kind> = new Set(['image', 'snapshot']);

/** The data for building an ARN of a kind. */
export function kindOf(kind: Kind): ResourceKind {
  const prefix = ROWS.find(([name]) => name === kind)?.[1] ?? '';
  return {
    service: 'ec2',
    prefix: `${kind}/`,
    name: new RegExp(`^${prefix}-[0-9a-f]{8,17}$`),
    ...(SHARED.has(kind) ? { place: { account: '' } } : {}),
  };
}

/** The resource type of an identifier, for actions that accept several resource types. */
export function kindOfId(id: string): Kind {
  const found = ROWS.find(([, prefix]) => new RegExp(`^${prefix}-[0-9a-f]`).test(id));
  if (!found) throw new UnmappedRequest(`the kind of the identifier ${quoted(id)} is not known`);
  return found[0];
}

/** An action on an existing resource. */
export function onId(request: SignedRequest, action: string, kind: Kind, id: string, context: Context = {}): Need {
  const key = ROWS.find(([name]) => name === kind)?.[2];
  return {
    action: `ec2:${action}`,
    resource: namedArn(request, kindOf(kind), id),
    context: { 'ec2:Region': request.region, ...(key === undefined ? {} : { [key]: id }), ...context },
  };
}

/** An action on a new resource whose identifier AWS generates, or on a resource that AWS selects. */
export function onAny(request: SignedRequest, action: string, kind: Kind, context: Context = {}): Need {
  return {
    action: `ec2:${action}`,
    resource: anyArn(request, kindOf(kind)),
    context: { 'ec2:Region': request.region, ...context },
  };
}
