/** What EC2 authorises for each request. */
import {
  AttachVolumeCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DeleteTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  ModifyInstanceAttributeCommand,
  RunInstancesCommand,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { EC2 } from '../../../lib/sandbox/services/ec2';
import { capture, queryCall, sender } from './support/requests';
import { type Case, runCases } from './support/rows';

const captured = capture();
const sent = sender(EC2, captured, new EC2Client(captured.config));
const form = (parameters: string) => queryCall(EC2, `Version=2016-11-15&${parameters}`);

const ARN = 'arn:aws:ec2:ap-northeast-2:123456789012:';
const I = 'i-0123456789abcdef0';
const SG = 'sg-0123456789abcdef0';
const SUBNET = 'subnet-0123456789abcdef0';
const AMI = 'ami-0123456789abcdef0';
const VOL = 'vol-0123456789abcdef0';
const AUTH = 'https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html';
const EXAMPLES = 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html';

const MAPPED: readonly Case[] = [
  {
    name: 'describes instances, whichever they are',
    source: AUTH,
    request: sent(new DescribeInstancesCommand({ InstanceIds: [I], Filters: [{ Name: 'tag:a', Values: ['b'] }] })),
    expect: [['ec2:DescribeInstances', '*']],
  },
  {
    name: 'describes security groups',
    source: AUTH,
    request: sent(new DescribeSecurityGroupsCommand({})),
    expect: [['ec2:DescribeSecurityGroups', '*']],
  },
  {
    name: 'asks with GET, as a presigned request does',
    request: {
      ...form(''),
      method: 'GET',
      headers: {},
      body: Buffer.alloc(0),
      query: [
        ['Action', 'DescribeVpcs'],
        ['Version', '2016-11-15'],
      ],
    },
    expect: [['ec2:DescribeVpcs', '*']],
  },
  {
    name: "reads an instance's user data",
    source: AUTH,
    request: sent(new DescribeInstanceAttributeCommand({ InstanceId: I, Attribute: 'userData' })),
    expect: [['ec2:DescribeInstanceAttribute', `${ARN}instance/${I}`, { 'ec2:InstanceID': I }]],
  },
  {
    name: 'starts two instances: one authorisation each',
    source: AUTH,
    request: sent(new StartInstancesCommand({ InstanceIds: [I, 'i-12345678'] })),
    expect: [I, 'i-12345678'].map((id) => ['ec2:StartInstances', `${ARN}instance/${id}`, { 'ec2:InstanceID': id }]),
  },
  {
    name: 'stops an instance',
    source: AUTH,
    request: sent(new StopInstancesCommand({ InstanceIds: [I], Force: true })),
    expect: [['ec2:StopInstances', `${ARN}instance/${I}`, { 'ec2:InstanceID': I }]],
  },
  {
    name: 'terminates an instance',
    source: AUTH,
    request: sent(new TerminateInstancesCommand({ InstanceIds: [I] })),
    expect: [['ec2:TerminateInstances', `${ARN}instance/${I}`, { 'ec2:InstanceID': I }]],
  },
  {
    name: 'tags resources of two kinds',
    source: AUTH,
    request: sent(new CreateTagsCommand({ Resources: [I, AMI], Tags: [{ Key: 'team', Value: 'a' }] })),
    expect: [
      [
        'ec2:CreateTags',
        `${ARN}instance/${I}`,
        { 'ec2:InstanceID': I, 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' },
      ],
      [
        'ec2:CreateTags',
        `arn:aws:ec2:ap-northeast-2::image/${AMI}`,
        { 'ec2:ImageID': AMI, 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a' },
      ],
    ],
  },
  {
    name: 'takes a tag away',
    source: AUTH,
    request: sent(new DeleteTagsCommand({ Resources: [I], Tags: [{ Key: 'team' }] })),
    expect: [['ec2:DeleteTags', `${ARN}instance/${I}`, { 'ec2:InstanceID': I, 'aws:TagKeys': ['team'] }]],
  },
  {
    name: 'sets an attribute',
    source: AUTH,
    request: sent(new ModifyInstanceAttributeCommand({ InstanceId: I, InstanceType: { Value: 't3.micro' } })),
    expect: [
      [
        'ec2:ModifyInstanceAttribute',
        `${ARN}instance/${I}`,
        { 'ec2:InstanceID': I, 'ec2:Attribute': 'InstanceType', 'ec2:Attribute/InstanceType': 't3.micro' },
      ],
    ],
  },
  {
    name: 'attaches a volume: both sides',
    source: AUTH,
    request: sent(new AttachVolumeCommand({ InstanceId: I, VolumeId: VOL, Device: '/dev/sdh' })),
    expect: [
      ['ec2:AttachVolume', `${ARN}instance/${I}`, { 'ec2:InstanceID': I }],
      ['ec2:AttachVolume', `${ARN}volume/${VOL}`, { 'ec2:VolumeID': VOL }],
    ],
  },
  {
    name: 'creates a volume with tags',
    source: EXAMPLES,
    request: sent(
      new CreateVolumeCommand({
        AvailabilityZone: 'ap-northeast-2a',
        Size: 8,
        VolumeType: 'gp3',
        Encrypted: true,
        TagSpecifications: [{ ResourceType: 'volume', Tags: [{ Key: 'team', Value: 'a' }] }],
      }),
    ),
    expect: [
      [
        'ec2:CreateVolume',
        `${ARN}volume/*`,
        {
          'ec2:AvailabilityZone': 'ap-northeast-2a',
          'ec2:VolumeSize': '8',
          'ec2:VolumeType': 'gp3',
          'ec2:Encrypted': 'true',
          'aws:TagKeys': ['team'],
          'aws:RequestTag/team': 'a',
        },
      ],
      [
        'ec2:CreateTags',
        `${ARN}volume/*`,
        { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a', 'ec2:CreateAction': 'CreateVolume' },
      ],
    ],
  },
  {
    name: 'creates a security group',
    source: AUTH,
    request: sent(new CreateSecurityGroupCommand({ GroupName: 'a', Description: 'b', VpcId: 'vpc-12345678' })),
    expect: [
      ['ec2:CreateSecurityGroup', `${ARN}vpc/vpc-12345678`, { 'ec2:VpcID': 'vpc-12345678' }],
      ['ec2:CreateSecurityGroup', `${ARN}security-group/*`],
    ],
  },
  {
    name: 'opens a security group',
    source: AUTH,
    request: sent(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: SG,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    ),
    expect: [
      ['ec2:AuthorizeSecurityGroupIngress', `${ARN}security-group/${SG}`, { 'ec2:SecurityGroupID': SG }],
      ['ec2:AuthorizeSecurityGroupIngress', `${ARN}security-group-rule/*`],
    ],
  },
];

const DIRECT = { 'ec2:IsLaunchTemplateResource': 'false' };
const RUN: readonly Case[] = [
  {
    name: 'with what AWS chooses',
    source: EXAMPLES,
    request: sent(new RunInstancesCommand({ ImageId: AMI, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 })),
    expect: [
      ['ec2:RunInstances', `arn:aws:ec2:ap-northeast-2::image/${AMI}`, { 'ec2:ImageID': AMI, ...DIRECT }],
      [
        'ec2:RunInstances',
        `${ARN}instance/*`,
        { ...DIRECT, 'ec2:InstanceType': 't3.micro', 'ec2:InstanceMarketType': 'on-demand' },
      ],
      ['ec2:RunInstances', `${ARN}volume/*`, DIRECT],
      ['ec2:RunInstances', `${ARN}network-interface/*`, DIRECT],
      ['ec2:RunInstances', `${ARN}subnet/*`, DIRECT],
      ['ec2:RunInstances', `${ARN}security-group/*`, DIRECT],
    ],
  },
  {
    name: 'with subnet, groups, key pair, volume and tags',
    source: EXAMPLES,
    request: sent(
      new RunInstancesCommand({
        ImageId: AMI,
        MinCount: 1,
        MaxCount: 1,
        SubnetId: SUBNET,
        SecurityGroupIds: [SG],
        KeyName: 'ops key',
        MetadataOptions: { HttpTokens: 'required' },
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20, Encrypted: true } }],
        TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'team', Value: 'a' }] }],
      }),
    ),
    expect: [
      ['ec2:RunInstances', `arn:aws:ec2:ap-northeast-2::image/${AMI}`, { 'ec2:ImageID': AMI, ...DIRECT }],
      [
        'ec2:RunInstances',
        `${ARN}instance/*`,
        {
          ...DIRECT,
          'ec2:InstanceMarketType': 'on-demand',
          'ec2:MetadataHttpTokens': 'required',
          'aws:TagKeys': ['team'],
          'aws:RequestTag/team': 'a',
        },
      ],
      ['ec2:RunInstances', `${ARN}volume/*`, DIRECT],
      ['ec2:RunInstances', `${ARN}volume/*`, { ...DIRECT, 'ec2:VolumeSize': '20', 'ec2:Encrypted': 'true' }],
      ['ec2:RunInstances', `${ARN}network-interface/*`, { ...DIRECT, 'ec2:Subnet': `${ARN}subnet/${SUBNET}` }],
      ['ec2:RunInstances', `${ARN}subnet/${SUBNET}`, { ...DIRECT, 'ec2:SubnetID': SUBNET }],
      ['ec2:RunInstances', `${ARN}security-group/${SG}`, { ...DIRECT, 'ec2:SecurityGroupID': SG }],
      ['ec2:RunInstances', `${ARN}key-pair/ops key`, { ...DIRECT, 'ec2:KeyPairName': 'ops key' }],
      [
        'ec2:CreateTags',
        `${ARN}instance/*`,
        { 'aws:TagKeys': ['team'], 'aws:RequestTag/team': 'a', 'ec2:CreateAction': 'RunInstances' },
      ],
    ],
  },
];

describe('EC2', () => {
  describe('maps', () => runCases(EC2, MAPPED, ['ec2:Region']));
  describe('runs instances', () => runCases(EC2, RUN, ['ec2:Region']));
});
