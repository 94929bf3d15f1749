/**
 * Lambda. Requests without a row are refused, for example those for event sources and durable executions.
 *
 * If the name or the query contains a qualifier, the resource is that version or alias. A policy for the unqualified
 * function does not cover it, as AWS documents.
 * Sources: https://docs.aws.amazon.com/lambda/latest/dg/lambda-api-permissions-ref.html
 * https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
 */
import { type ServiceMapping, UnmappedRequest } from '../service-mapping';
import type { Input } from './common/input';
import { bothKeys, taggedByMap, textKeys } from './common/keys';
import { passRole } from './common/pass-role';
import { namedArn, quoted, type ResourceKind, statedArn } from './common/resources';
import { ANYTHING, all, each, type Keys, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { type Route, rest } from './common/wire';
import { checkBucket, checkKey } from './s3/address';
import { s3Arn } from './s3/call';

const FUNCTION: ResourceKind = {
  service: 'lambda',
  prefix: 'function:',
  name: /^[A-Za-z0-9_-]{1,64}(:(\$LATEST|[A-Za-z0-9_-]{1,128}))?$/,
};

/** A function that is given by its name, by `account:function:name`, or by its ARN. Each form may have a qualifier. */
const func =
  (qualified: boolean): Resources =>
  ({ request, input }) => {
    const text = input.need('FunctionName');
    const [, account, name] = /^(?:(\d{12}):(?:function:)?|function:)?(.+)$/.exec(text) ?? [];
    const place = account === undefined ? {} : { place: { account } };
    const arn = text.startsWith('arn:')
      ? statedArn(request, FUNCTION, text)
      : namedArn(request, { ...FUNCTION, ...place }, name ?? '');
    const qualifier = qualified ? input.text('Qualifier') : undefined;
    if (qualifier === undefined) return arn;
    const inName = arn.split(':').length > 7;
    if (inName && !arn.endsWith(`:${qualifier}`))
      throw new UnmappedRequest('the request contains two versions of the function');
    if (inName) return arn;
    if (!/^(\$LATEST|[A-Za-z0-9_-]{1,128})$/.test(qualifier)) {
      throw new UnmappedRequest(`${quoted(qualifier)} is not a version or alias`);
    }
    return `${arn}:${qualifier}`;
  };

const whole = func(false);
const version = func(true);

const layers: Keys = ({ input }) => {
  const found = input.texts('Layers');
  return found.length === 0 ? {} : { 'lambda:Layer': found };
};

const network: Keys = ({ input }) => {
  const vpc = input.inner('VpcConfig');
  return { ...ids(vpc, 'SubnetIds', 'lambda:SubnetIds'), ...ids(vpc, 'SecurityGroupIds', 'lambda:SecurityGroupIds') };
};

function ids(vpc: Input | undefined, name: string, key: string) {
  const found = vpc?.texts(name) ?? [];
  return found.length === 0 ? {} : { [key]: found };
}

/** Refuses parameters that would give a function access to resources that were not authorized. */
const withoutExtras: Keys = ({ input }) => {
  const extra = ['KMSKeyArn', 'CapacityProviderConfig'].find((name) => input.has(name));
  if (extra !== undefined) throw new UnmappedRequest(`what ${extra} adds is not known`);
  return {};
};

/** The S3 object that contains a deployment package. Lambda reads the object on the caller's behalf. */
const packageIn =
  (place: (input: Input) => Input | undefined): Resources =>
  ({ request, input }) => {
    const at = place(input);
    if (at?.text('S3Bucket') === undefined) return [];
    return s3Arn(request, checkBucket(at.need('S3Bucket')), checkKey(at.need('S3Key')));
  };

const configuration = bothKeys(withoutExtras, layers, network);

const F = '/2015-03-31/functions/{FunctionName}';
const line = (operation: string, method: string, path: string, ...query: string[]): Route => ({
  operation,
  method,
  path,
  query,
});

const ROUTES: readonly Route[] = [
  { ...line('Invoke', 'POST', `${F}/invocations`, 'Qualifier'), payload: true },
  line('ListFunctions', 'GET', '/2015-03-31/functions', 'FunctionVersion', 'Marker', 'MasterRegion', 'MaxItems'),
  line('CreateFunction', 'POST', '/2015-03-31/functions'),
  line('GetFunction', 'GET', F, 'Qualifier'),
  line('DeleteFunction', 'DELETE', F, 'Qualifier'),
  line('GetFunctionConfiguration', 'GET', `${F}/configuration`, 'Qualifier'),
  line('UpdateFunctionConfiguration', 'PUT', `${F}/configuration`),
  line('UpdateFunctionCode', 'PUT', `${F}/code`),
  line('PublishVersion', 'POST', `${F}/versions`),
  line('ListVersionsByFunction', 'GET', `${F}/versions`, 'Marker', 'MaxItems'),
  line('ListAliases', 'GET', `${F}/aliases`, 'FunctionVersion', 'Marker', 'MaxItems'),
  line('CreateAlias', 'POST', `${F}/aliases`),
  line('GetAlias', 'GET', `${F}/aliases/{Name}`),
  line('UpdateAlias', 'PUT', `${F}/aliases/{Name}`),
  line('DeleteAlias', 'DELETE', `${F}/aliases/{Name}`),
  line('GetPolicy', 'GET', `${F}/policy`, 'Qualifier'),
  line('AddPermission', 'POST', `${F}/policy`, 'Qualifier'),
  line('RemovePermission', 'DELETE', `${F}/policy/{StatementId}`, 'Qualifier', 'RevisionId'),
  line('GetAccountSettings', 'GET', '/2016-08-19/account-settings'),
  line('GetFunctionConcurrency', 'GET', '/2019-09-30/functions/{FunctionName}/concurrency'),
  line('PutFunctionConcurrency', 'PUT', '/2017-10-31/functions/{FunctionName}/concurrency'),
  line('DeleteFunctionConcurrency', 'DELETE', '/2017-10-31/functions/{FunctionName}/concurrency'),
];

export const LAMBDA_TABLE: ServiceTable = {
  prefix: 'lambda',
  eventSource: 'lambda.amazonaws.com',
  wires: [rest(ROUTES)],
  shown: ['FunctionName', 'Qualifier', 'Name', 'StatementId', 'Role', 'Runtime', 'Handler'],
  rows: {
    ...each('GetAccountSettings ListFunctions', on(ANYTHING)),
    ...each('DeleteFunction GetFunction GetFunctionConfiguration GetPolicy', on(version)),
    ...each(
      `CreateAlias DeleteAlias DeleteFunctionConcurrency GetAlias GetFunctionConcurrency ListAliases
       ListVersionsByFunction PublishVersion PutFunctionConcurrency UpdateAlias`,
      on(whole),
    ),
    Invoke: on(version, undefined, 'InvokeFunction'),
    UpdateFunctionCode: all(
      on(whole),
      on(
        packageIn((input) => input),
        undefined,
        's3:GetObject',
      ),
    ),
    CreateFunction: all(
      on(
        whole,
        bothKeys(
          configuration,
          taggedByMap('Tags'),
          textKeys({ 'lambda:CodeSigningConfigArn': 'CodeSigningConfigArn' }),
        ),
      ),
      passRole('Role', 'lambda.amazonaws.com'),
      on(
        packageIn((input) => input.inner('Code')),
        undefined,
        's3:GetObject',
      ),
    ),
    UpdateFunctionConfiguration: all(on(whole, configuration), passRole('Role', 'lambda.amazonaws.com')),
    AddPermission: on(
      version,
      textKeys({ 'lambda:Principal': 'Principal', 'lambda:FunctionUrlAuthType': 'FunctionUrlAuthType' }),
    ),
    RemovePermission: on(version),
  },
};

export const LAMBDA: ServiceMapping = serviceOf(LAMBDA_TABLE);
