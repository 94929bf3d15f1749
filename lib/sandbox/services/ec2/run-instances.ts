/**
 * RunInstances needs an authorization for every resource that it uses or creates.
 *
 * Launch templates and instance profiles are refused, because the request does not contain the template's content or
 * the profile's role. A subnet, a security group or a root volume that AWS chooses is `*`, which a policy must cover.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html#iam-example-runinstances
 */
import { type Context, type Need, UnmappedRequest } from '../../service-mapping';
import type { Input } from '../common/input';
import { namedArn } from '../common/resources';
import type { Row, ServiceCall } from '../common/table';
import { onAny, onId } from './kinds';
import { taggingNeeds, tagsOf } from './tags';

const MADE = ['instance', 'volume', 'network-interface'] as const;

export const runInstances: Row = (call) => {
  const { request, operation, input } = call;
  checkParameters(input);
  const tags = tagsOf(call, MADE);
  const interfaces = input.members('NetworkInterface');
  const subnets = named('SubnetId', input, interfaces);
  const groups = listed('SecurityGroupId', input, interfaces);
  const key = input.text('KeyName');
  const direct: Context = { 'ec2:IsLaunchTemplateResource': 'false' };
  return [
    onId(request, operation, 'image', input.need('ImageId'), direct),
    onAny(request, operation, 'instance', { ...direct, ...instanceKeys(input), ...tags.get('instance') }),
    ...volumes(call, { ...direct, ...tags.get('volume') }),
    ...networkInterfaces(call, interfaces, { ...direct, ...tags.get('network-interface') }),
    ...(subnets.length === 0
      ? [onAny(request, operation, 'subnet', direct)]
      : subnets.map((id) => onId(request, operation, 'subnet', id, direct))),
    ...(groups.length === 0
      ? [onAny(request, operation, 'security-group', direct)]
      : groups.map((id) => onId(request, operation, 'security-group', id, direct))),
    ...(key === undefined ? [] : [onKeyPair(call, key, direct)]),
    ...taggingNeeds(call, tags),
  ];
};

/** The supported parameters. Any other parameter could add resources that were not authorized. */
const KNOWN: ReadonlySet<string> = new Set([
  'BlockDeviceMapping',
  'ClientToken',
  'CpuOptions',
  'CreditSpecification',
  'DisableApiStop',
  'DisableApiTermination',
  'DryRun',
  'EbsOptimized',
  'ImageId',
  'InstanceInitiatedShutdownBehavior',
  'InstanceType',
  'KeyName',
  'MaxCount',
  'MetadataOptions',
  'MinCount',
  'Monitoring',
  'NetworkInterface',
  'Placement',
  'PrivateIpAddress',
  'SecurityGroupId',
  'SubnetId',
  'TagSpecification',
  'UserData',
]);

function checkParameters(input: Input): void {
  const other = Object.keys(input.fields).find((name) => !KNOWN.has(name));
  if (other !== undefined) throw new UnmappedRequest(`what ${other} adds is not known`);
  const placement = Object.keys(input.inner('Placement')?.fields ?? {});
  if (placement.some((name) => name !== 'Tenancy' && name !== 'AvailabilityZone')) {
    throw new UnmappedRequest('the placement of the instance is not known');
  }
}

function instanceKeys(input: Input): Context {
  const placement = input.inner('Placement');
  const metadata = input.inner('MetadataOptions');
  return compact({
    'ec2:InstanceType': input.text('InstanceType'),
    'ec2:EbsOptimized': flag(input, 'EbsOptimized'),
    'ec2:InstanceMarketType': 'on-demand',
    'ec2:Tenancy': placement?.text('Tenancy'),
    'ec2:AvailabilityZone': placement?.text('AvailabilityZone'),
    'ec2:MetadataHttpTokens': metadata?.text('HttpTokens'),
    'ec2:MetadataHttpEndpoint': metadata?.text('HttpEndpoint'),
    'ec2:MetadataHttpPutResponseHopLimit': metadata?.whole('HttpPutResponseHopLimit'),
  });
}

/** The volumes: the root volume, which the image defines, and one volume for each mapping. */
function volumes({ request, operation, input }: ServiceCall, context: Context): readonly Need[] {
  const mapped = input.members('BlockDeviceMapping').flatMap((mapping) => mapping.inner('Ebs') ?? []);
  return [
    onAny(request, operation, 'volume', context),
    ...mapped.flatMap((volume) => {
      if (volume.has('KmsKeyId')) throw new UnmappedRequest('a separate KMS key for a volume is not supported');
      const snapshot = volume.text('SnapshotId');
      const keys = compact({
        'ec2:VolumeSize': volume.whole('VolumeSize'),
        'ec2:VolumeType': volume.text('VolumeType'),
        'ec2:VolumeIops': volume.whole('Iops'),
        'ec2:VolumeThroughput': volume.whole('Throughput'),
        'ec2:Encrypted': flag(volume, 'Encrypted'),
      });
      return [
        onAny(request, operation, 'volume', { ...context, ...keys }),
        ...(snapshot === undefined ? [] : [onId(request, operation, 'snapshot', snapshot)]),
      ];
    }),
  ];
}

function networkInterfaces(call: ServiceCall, interfaces: readonly Input[], context: Context): readonly Need[] {
  const { request, operation, input } = call;
  const all = interfaces.length === 0 ? [input] : interfaces;
  return all.map((each) => {
    const id = each.text('NetworkInterfaceId');
    const subnet = each.text('SubnetId');
    const keys = compact({
      'ec2:AssociatePublicIpAddress': flag(each, 'AssociatePublicIpAddress'),
      'ec2:Subnet': subnet === undefined ? undefined : onId(request, operation, 'subnet', subnet).resource,
    });
    return id === undefined
      ? onAny(request, operation, 'network-interface', { ...context, ...keys })
      : onId(request, operation, 'network-interface', id, { ...context, ...keys });
  });
}

function onKeyPair({ request, operation }: ServiceCall, name: string, context: Context): Need {
  const kind = { service: 'ec2', prefix: 'key-pair/', name: /^[\x20-\x29\x2b-\x3e\x40-\x7e]{1,255}$/ };
  return {
    action: `ec2:${operation}`,
    resource: namedArn(request, kind, name),
    context: { 'ec2:Region': request.region, 'ec2:KeyPairName': name, ...context },
  };
}

function named(name: string, input: Input, interfaces: readonly Input[]): readonly string[] {
  return [input, ...interfaces].flatMap((each) => each.text(name) ?? []);
}

function listed(name: string, input: Input, interfaces: readonly Input[]): readonly string[] {
  return [input, ...interfaces].flatMap((each) => each.texts(name));
}

function flag(input: Input, name: string): string | undefined {
  const value = input.flag(name);
  return value === undefined ? undefined : String(value);
}

function compact(values: Readonly<Record<string, string | undefined>>): Context {
  return Object.fromEntries(Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
