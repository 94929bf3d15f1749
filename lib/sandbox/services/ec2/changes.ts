/**
 * EC2 actions on single resources. `uses` contains the parameters with identifiers: `Name.N` is a list, and `Name?` is
 * optional. `makes` contains the kinds of new resources. `any` contains kinds of which AWS chooses one.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
 */
import { type Context, type Need, UnmappedRequest } from '../../service-mapping';
import type { Keys, Row, ServiceCall } from '../common/table';
import { type Kind, onAny, onId } from './kinds';
import { taggingNeeds, tagsOf } from './tags';

interface Change {
  readonly uses?: Readonly<Record<string, Kind>>;
  readonly makes?: readonly Kind[];
  readonly keys?: Keys;
}

const INSTANCES: Change = { uses: { 'InstanceId.N': 'instance' } };
const INSTANCE: Change = { uses: { InstanceId: 'instance' } };
const GROUP: Change = { uses: { GroupId: 'security-group' } };

/**
 * The condition key `ec2:Attribute` contains the name of the attribute that is set, and `ec2:Attribute/…` contains the
 * new value.
 */
const attribute: Keys = ({ input }) => {
  const stated = input.text('Attribute');
  const named = Object.keys(input.fields).filter((name) => !NO_ATTRIBUTE.has(name));
  if (stated !== undefined) named.push(`${stated.charAt(0).toUpperCase()}${stated.slice(1)}`);
  const [name] = named;
  if (name === undefined) return {};
  if (named.length > 1) throw new UnmappedRequest('more than one attribute is set');
  const value = stated === undefined ? input.fields[name] : input.text('Value');
  const inner = typeof value === 'object' && value !== null && 'Value' in value ? value.Value : value;
  return { 'ec2:Attribute': name, ...(typeof inner === 'string' ? { [`ec2:Attribute/${name}`]: inner } : {}) };
};

const NO_ATTRIBUTE: ReadonlySet<string> = new Set(['Attribute', 'DryRun', 'GroupId', 'InstanceId', 'Value']);

const CHANGES: Readonly<Record<string, Change>> = {
  StartInstances: INSTANCES,
  StopInstances: INSTANCES,
  RebootInstances: INSTANCES,
  TerminateInstances: INSTANCES,
  MonitorInstances: INSTANCES,
  UnmonitorInstances: INSTANCES,
  DescribeInstanceAttribute: INSTANCE,
  GetConsoleOutput: INSTANCE,
  GetConsoleScreenshot: INSTANCE,
  GetPasswordData: INSTANCE,
  ModifyInstanceMetadataOptions: INSTANCE,
  ModifyInstanceAttribute: { uses: { InstanceId: 'instance', 'GroupId.N?': 'security-group' }, keys: attribute },
  CreateImage: { uses: { InstanceId: 'instance' }, makes: ['image', 'snapshot'] },
  DeregisterImage: { uses: { ImageId: 'image' } },
  DescribeImageAttribute: { uses: { ImageId: 'image' } },
  CreateVolume: { uses: { 'SnapshotId?': 'snapshot' }, makes: ['volume'], keys: volumeKeys },
  AttachVolume: { uses: { InstanceId: 'instance', VolumeId: 'volume' } },
  DetachVolume: { uses: { 'InstanceId?': 'instance', VolumeId: 'volume' } },
  DeleteVolume: { uses: { VolumeId: 'volume' } },
  ModifyVolume: { uses: { VolumeId: 'volume' } },
  DescribeVolumeAttribute: { uses: { VolumeId: 'volume' } },
  CreateSnapshot: { uses: { VolumeId: 'volume' }, makes: ['snapshot'] },
  DeleteSnapshot: { uses: { SnapshotId: 'snapshot' } },
  DescribeSnapshotAttribute: { uses: { SnapshotId: 'snapshot' } },
  CreateSecurityGroup: { uses: { 'VpcId?': 'vpc' }, makes: ['security-group'] },
  DeleteSecurityGroup: GROUP,
  AuthorizeSecurityGroupIngress: { ...GROUP, makes: ['security-group-rule'] },
  AuthorizeSecurityGroupEgress: { ...GROUP, makes: ['security-group-rule'] },
  RevokeSecurityGroupIngress: GROUP,
  RevokeSecurityGroupEgress: GROUP,
  CreateVpc: { makes: ['vpc'] },
  DeleteVpc: { uses: { VpcId: 'vpc' } },
  DescribeVpcAttribute: { uses: { VpcId: 'vpc' } },
  ModifyVpcAttribute: { uses: { VpcId: 'vpc' } },
  CreateSubnet: { uses: { VpcId: 'vpc' }, makes: ['subnet'] },
  DeleteSubnet: { uses: { SubnetId: 'subnet' } },
  ModifySubnetAttribute: { uses: { SubnetId: 'subnet' } },
  CreateInternetGateway: { makes: ['internet-gateway'] },
  AttachInternetGateway: { uses: { InternetGatewayId: 'internet-gateway', VpcId: 'vpc' } },
  DetachInternetGateway: { uses: { InternetGatewayId: 'internet-gateway', VpcId: 'vpc' } },
  DeleteInternetGateway: { uses: { InternetGatewayId: 'internet-gateway' } },
  CreateRouteTable: { uses: { VpcId: 'vpc' }, makes: ['route-table'] },
  DeleteRouteTable: { uses: { RouteTableId: 'route-table' } },
  CreateRoute: { uses: { RouteTableId: 'route-table' } },
  ReplaceRoute: { uses: { RouteTableId: 'route-table' } },
  DeleteRoute: { uses: { RouteTableId: 'route-table' } },
  AllocateAddress: { makes: ['elastic-ip'] },
  ReleaseAddress: { uses: { AllocationId: 'elastic-ip' } },
  AssociateAddress: {
    uses: { AllocationId: 'elastic-ip', 'InstanceId?': 'instance', 'NetworkInterfaceId?': 'network-interface' },
  },
  CreateNetworkInterface: {
    uses: { SubnetId: 'subnet', 'SecurityGroupId.N?': 'security-group' },
    makes: ['network-interface'],
  },
  AttachNetworkInterface: { uses: { InstanceId: 'instance', NetworkInterfaceId: 'network-interface' } },
  DeleteNetworkInterface: { uses: { NetworkInterfaceId: 'network-interface' } },
  CreateKeyPair: { makes: ['key-pair'] },
  ImportKeyPair: { makes: ['key-pair'] },
  DeleteKeyPair: { uses: { KeyPairId: 'key-pair' } },
};

/** The rows of all these actions. */
export const CHANGE_ROWS: Readonly<Record<string, Row>> = Object.fromEntries(
  Object.entries(CHANGES).map(([operation, change]) => [operation, (call: ServiceCall) => needsOf(call, change)]),
);

function needsOf(call: ServiceCall, { uses = {}, makes = [], keys }: Change): readonly Need[] {
  const { request, operation } = call;
  const context = keys?.(call) ?? {};
  const tags = tagsOf(call, makes);
  return [
    ...Object.entries(uses).flatMap(([parameter, kind]) =>
      idsIn(call, parameter).map((id) => onId(request, operation, kind, id, context)),
    ),
    ...makes.map((kind) => onAny(request, operation, kind, { ...context, ...tags.get(kind) })),
    ...taggingNeeds(call, tags),
  ];
}

/**
 * The identifiers in a request parameter. In `parameter`, `.N` after the name indicates a list, and `?` at the end
 * indicates an optional parameter.
 */
function idsIn({ input }: ServiceCall, parameter: string): readonly string[] {
  const optional = parameter.endsWith('?');
  const name = parameter.replace(/\?$/, '').replace(/\.N$/, '');
  const found = parameter.includes('.N') ? input.texts(name) : [input.text(name) ?? []].flat();
  if (found.length === 0 && !optional) throw new UnmappedRequest(`the parameter ${name} is missing`);
  return found;
}

function volumeKeys({ input }: ServiceCall): Context {
  if (input.has('KmsKeyId')) throw new UnmappedRequest('a separate KMS key for a volume is not supported');
  const encrypted = input.flag('Encrypted');
  const values = {
    'ec2:VolumeSize': input.whole('Size'),
    'ec2:VolumeType': input.text('VolumeType'),
    'ec2:VolumeIops': input.whole('Iops'),
    'ec2:AvailabilityZone': input.text('AvailabilityZone'),
    'ec2:Encrypted': encrypted === undefined ? undefined : String(encrypted),
  };
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
