/**
 * Systems Manager: parameters, and commands and sessions on instances that are given by id.
 * Sources: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-access.html
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html
 */
import { NAME_ALPHABET, textOf } from '@leasehold/contract/text';
import { type ServiceMapping, UnmappedRequest } from '../service-mapping';
import { bothKeys, taggedBy, untaggedBy } from './common/keys';
import { keyThroughService } from './common/kms-key';
import { nameOrArn, type ResourceKind } from './common/resources';
import {
  ANYTHING,
  all,
  each,
  type Keys,
  on,
  type Resources,
  type Row,
  type ServiceTable,
  serviceOf,
} from './common/table';
import { json } from './common/wire';

/** A parameter's ARN does not contain the leading slash of its name. */
const PARAMETER: ResourceKind = {
  service: 'ssm',
  prefix: 'parameter/',
  name: /^\/?[\w.-]+(\/[\w.-]+){0,15}$/,
  written: (name) => name.replace(/^\//, ''),
};
const DOCUMENT: ResourceKind = { service: 'ssm', prefix: 'document/', name: /^[\w.:/-]{1,128}$/ };
const EC2_INSTANCE: ResourceKind = { service: 'ec2', prefix: 'instance/', name: /^i-[0-9a-f]{8,17}$/ };
const MANAGED_INSTANCE: ResourceKind = { service: 'ssm', prefix: 'managed-instance/', name: /^mi-[0-9a-f]{17}$/ };
const SESSION: ResourceKind = { service: 'ssm', prefix: 'session/', name: textOf(NAME_ALPHABET, 1, 96) };

/** A parameter, without the version or label that may follow its name. */
const parameter: Resources = ({ request, input }) => {
  const text = input.need('Name');
  return nameOrArn(request, PARAMETER, text.startsWith('arn:') ? text : text.replace(/:[\w.-]{1,128}$/, ''));
};

const parameters: Resources = ({ request, input }) => {
  const names = input.texts('Names');
  if (names.length === 0) throw new UnmappedRequest('Names is empty');
  return names.map((name) =>
    nameOrArn(request, PARAMETER, name.startsWith('arn:') ? name : name.replace(/:[\w.-]{1,128}$/, '')),
  );
};

/** A path of parameters. The root path covers all parameters. */
const path: Resources = ({ request, input }) => {
  const text = input.need('Path');
  if (text === '/') return `arn:${request.partition}:ssm:${request.region}:${request.account}:parameter/*`;
  return nameOrArn(request, PARAMETER, text.replace(/\/$/, ''));
};

const recursive: Keys = ({ input }) => ({ 'ssm:Recursive': String(input.flag('Recursive') ?? false) });
const overwrite: Keys = ({ input }) => ({ 'ssm:Overwrite': String(input.flag('Overwrite') ?? false) });

/** Only tags of parameters are supported. */
const taggedResource: Resources = ({ request, input }) => {
  if (input.need('ResourceType') !== 'Parameter') throw new UnmappedRequest('only tags of parameters are supported');
  return nameOrArn(request, PARAMETER, input.need('ResourceId'));
};

const instance = (request: Parameters<Resources>[0]['request'], id: string): string =>
  nameOrArn(request, id.startsWith('mi-') ? MANAGED_INSTANCE : EC2_INSTANCE, id);

/**
 * Instances that are specified by id. Targets that are specified by tags are refused, because it is unknown which
 * instances have these tags.
 */
const instances: Resources = ({ request, input }) => {
  const ids = input.texts('InstanceIds');
  if (ids.length === 0 || input.has('Targets')) throw new UnmappedRequest('the instances are not listed one by one');
  return ids.map((id) => instance(request, id));
};

const document: Resources = ({ request, input }) => nameOrArn(request, DOCUMENT, input.need('DocumentName'));

/**
 * A session runs a document: the document in the request or, if the request contains none, the account's default
 * document.
 */
const sessionDocument: Resources = ({ request, input }) =>
  nameOrArn(request, DOCUMENT, input.text('DocumentName') ?? 'SSM-SessionManagerRunShell');

const withoutExtras: Keys = ({ input }) => {
  const extra = ['ServiceRoleArn', 'OutputS3BucketName'].find((name) => input.has(name));
  if (extra !== undefined) throw new UnmappedRequest(`what ${extra} adds is not known`);
  return {};
};

const putParameter: Row = (call) => {
  const { request, input } = call;
  const key = input.text('KeyId');
  const context = bothKeys(overwrite, taggedBy())(call);
  return [
    { action: 'ssm:PutParameter', resource: [parameter(call)].flat()[0] ?? '', context },
    ...(key === undefined ? [] : keyThroughService(request, key, 'ssm', ['Encrypt'])),
  ];
};

export const SSM_TABLE: ServiceTable = {
  prefix: 'ssm',
  eventSource: 'ssm.amazonaws.com',
  wires: [json('1.1', 'AmazonSSM')],
  shown: ['Name', 'Names', 'Path', 'DocumentName', 'InstanceIds', 'Target', 'SessionId', 'ResourceId', 'ResourceType'],
  rows: {
    ...each('GetParameter GetParameterHistory DeleteParameter LabelParameterVersion', on(parameter)),
    ...each('GetParameters DeleteParameters', on(parameters)),
    ...each(
      `DescribeInstanceInformation DescribeParameters DescribeSessions GetCommandInvocation ListCommandInvocations
       ListCommands`,
      on(ANYTHING),
    ),
    GetParametersByPath: on(path, recursive),
    PutParameter: putParameter,
    AddTagsToResource: on(taggedResource, taggedBy()),
    RemoveTagsFromResource: on(taggedResource, untaggedBy('TagKeys')),
    ListTagsForResource: on(taggedResource),
    SendCommand: all(on(instances, withoutExtras), on(document)),
    StartSession: all(
      on(({ request, input }) => instance(request, input.need('Target'))),
      on(sessionDocument),
    ),
    TerminateSession: on(({ request, input }) => nameOrArn(request, SESSION, input.need('SessionId'))),
  },
};

export const SSM: ServiceMapping = serviceOf(SSM_TABLE);
