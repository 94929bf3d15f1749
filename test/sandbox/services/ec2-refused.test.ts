/** Requests to EC2 that nobody can read in one way alone. */
import { EC2 } from '../../../lib/sandbox/services/ec2';
import { type Handmade, queryCall } from './support/requests';
import { type Case, runCases } from './support/rows';

const form = (parameters: string, overrides: Handmade = {}) =>
  queryCall(EC2, `Version=2016-11-15&${parameters}`, overrides);
const I = 'i-0123456789abcdef0';
const AMI = 'ami-0123456789abcdef0';
const VOL = 'vol-0123456789abcdef0';

const run = (more: string) => form(`Action=RunInstances&ImageId=${AMI}&MinCount=1&MaxCount=1&${more}`);

const REFUSED: readonly Case[] = [
  { name: 'an operation that is not known', request: form('Action=DescribeEverything'), expect: /no row for/ },
  {
    name: 'an operation with a role behind it',
    request: form('Action=AssociateIamInstanceProfile'),
    expect: /no row for/,
  },
  { name: 'no operation', request: form('InstanceId.1=i-12345678'), expect: /Action contains no operation/ },
  {
    name: 'an operation twice',
    request: form('Action=DescribeVpcs&Action=TerminateInstances'),
    expect: /Action occurs twice/,
  },
  {
    name: 'an operation in body and query',
    request: form('Action=DescribeVpcs', { query: [['Action', 'StopInstances']] }),
    expect: /Action occurs twice/,
  },
  {
    name: 'an operation in two spellings',
    request: form('Action=DescribeVpcs&vpcid=a&VpcId=b'),
    expect: /two spellings/,
  },
  {
    name: 'an operation in two places',
    request: form('Action=DescribeVpcs', { headers: { 'x-amz-target': 'X.TerminateInstances' } }),
    expect: /x-amz-target/,
  },
  { name: 'no version', request: queryCall(EC2, 'Action=DescribeVpcs'), expect: /Version is not/ },
  {
    name: 'another version',
    request: queryCall(EC2, 'Action=DescribeVpcs&Version=2012-01-01'),
    expect: /Version is not/,
  },
  { name: 'a path', request: form('Action=DescribeVpcs', { path: '/x' }), expect: /path/ },
  { name: 'another method', request: form('Action=DescribeVpcs', { method: 'DELETE' }), expect: /DELETE/ },
  {
    name: 'a body of another kind',
    request: form('Action=DescribeVpcs', { headers: { 'content-type': 'application/json' } }),
    expect: /not a form/,
  },
  { name: 'a body that is no UTF-8', request: queryCall(EC2, '', { body: Buffer.from([0xff]) }), expect: /UTF-8/ },
  {
    name: 'a list with a gap',
    request: form('Action=StopInstances&InstanceId.1=i-12345678&InstanceId.3=i-12345679'),
    expect: /without gaps/,
  },
  {
    name: 'a list and a text of one name',
    request: form('Action=StopInstances&InstanceId=i-12345678&InstanceId.1=i-12345679'),
    expect: /two shapes/,
  },
  { name: 'a text for a list', request: form('Action=StopInstances&InstanceId=i-12345678'), expect: /not a list/ },
  { name: 'no instance', request: form('Action=TerminateInstances'), expect: /missing/ },
  {
    name: 'an identifier with a wildcard',
    request: form('Action=TerminateInstances&InstanceId.1=i-*'),
    expect: /not a valid name of a/,
  },
  {
    name: 'an identifier of another kind',
    request: form(`Action=TerminateInstances&InstanceId.1=${VOL}`),
    expect: /not a valid name of a/,
  },
  {
    name: 'tags on an identifier of no known kind',
    request: form('Action=CreateTags&ResourceId.1=x-12345678&Tag.1.Key=a&Tag.1.Value=b'),
    expect: /not known/,
  },
  {
    name: 'two tags that differ in case',
    request: form(`Action=CreateTags&ResourceId.1=${I}&Tag.1.Key=a&Tag.2.Key=A`),
    expect: /differ only in case/,
  },
  {
    name: 'two attributes at once',
    request: form(`Action=ModifyInstanceAttribute&InstanceId=${I}&InstanceType.Value=a&UserData.Value=b`),
    expect: /more than one attribute/,
  },
  {
    name: 'a security group by its name',
    request: form('Action=DeleteSecurityGroup&GroupName=a'),
    expect: /GroupId is missing/,
  },
  {
    name: 'an instance profile, whose role is passed',
    request: run('IamInstanceProfile.Name=admin'),
    expect: /IamInstanceProfile/,
  },
  { name: 'a launch template', request: run('LaunchTemplate.LaunchTemplateId=lt-12345678'), expect: /LaunchTemplate/ },
  {
    name: 'a security group by its name in RunInstances',
    request: run('SecurityGroup.1=default'),
    expect: /SecurityGroup/,
  },
  {
    name: 'tags on what is not made',
    request: run('TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=a'),
    expect: /tags on vpc/,
  },
];

describe('EC2 refuses', () => runCases(EC2, REFUSED));
