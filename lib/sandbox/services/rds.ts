/**
 * The mapping for RDS. Requests that specify a role or a key are refused, except for an instance's monitoring role.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html
 */
import { type ServiceMapping, UnmappedRequest } from '../service-mapping';
import { bothKeys, taggedBy, textKeys, untaggedBy } from './common/keys';
import { passRole } from './common/pass-role';
import { anyArn, arnIn, arnOf, nameOrArn, of, ofOrAny, type ResourceKind } from './common/resources';
import { ANYTHING, all, each, type Keys, on, type Resources, type ServiceTable, serviceOf } from './common/table';
import { query } from './common/wire';

/** RDS names are case-insensitive. In ARNs, the names are in lower case. */
const kind = (prefix: string): ResourceKind => ({
  service: 'rds',
  prefix: `${prefix}:`,
  name: /^[A-Za-z][A-Za-z0-9.:-]{0,254}$/,
  written: (name) => name.toLowerCase(),
});

const INSTANCE = kind('db');
const CLUSTER = kind('cluster');
const SNAPSHOT = kind('snapshot');
const CLUSTER_SNAPSHOT = kind('cluster-snapshot');
const PARAMETERS = kind('pg');
const CLUSTER_PARAMETERS = kind('cluster-pg');
const OPTIONS = kind('og');
const SUBNETS = kind('subgrp');

const instance = of(INSTANCE, 'DBInstanceIdentifier');
const cluster = of(CLUSTER, 'DBClusterIdentifier');

/** The group in a parameter, if the parameter is present. */
const ifNamed =
  (group: ResourceKind, parameter: string): Resources =>
  ({ request, input }) => {
    const name = input.text(parameter);
    return name === undefined ? [] : nameOrArn(request, group, name);
  };

/** The group in a parameter or, if the parameter is absent, a default group, whose name depends on the engine. */
const orDefault =
  (group: ResourceKind, parameter: string): Resources =>
  ({ request, input }) => {
    const name = input.text(parameter);
    return name === undefined ? arnOf(request, 'rds', `${group.prefix}default*`) : nameOrArn(request, group, name);
  };

/** Refuses parameters that contain roles, keys or secrets for which the caller was not authorized. */
const withoutExtras: Keys = ({ input }) => {
  const extra = EXTRAS.find((name) => input.has(name));
  if (extra !== undefined) throw new UnmappedRequest(`what ${extra} adds is not known`);
  return {};
};

const EXTRAS = [
  'DomainIAMRoleName',
  'CustomIamInstanceProfile',
  'KmsKeyId',
  'ManageMasterUserPassword',
  'MasterUserSecretKmsKeyId',
  'PerformanceInsightsKMSKeyId',
  'RotateMasterUserPassword',
  'TagSpecifications',
];

const numbers: Keys = ({ input }) => {
  const flags = { 'rds:MultiAz': 'MultiAZ', 'rds:StorageEncrypted': 'StorageEncrypted' };
  const wholes = { 'rds:StorageSize': 'AllocatedStorage', 'rds:Piops': 'Iops' };
  return Object.fromEntries([
    ...Object.entries(flags).flatMap(([key, name]) => (input.has(name) ? [[key, String(input.flag(name))]] : [])),
    ...Object.entries(wholes).flatMap(([key, name]) => (input.has(name) ? [[key, input.whole(name) ?? '']] : [])),
  ]);
};

const instanceKeys = bothKeys(
  withoutExtras,
  numbers,
  textKeys({ 'rds:DatabaseClass': 'DBInstanceClass', 'rds:DatabaseEngine': 'Engine', 'rds:DatabaseName': 'DBName' }),
);

const tagged = arnIn(
  'ResourceName',
  INSTANCE,
  CLUSTER,
  SNAPSHOT,
  CLUSTER_SNAPSHOT,
  PARAMETERS,
  CLUSTER_PARAMETERS,
  OPTIONS,
  SUBNETS,
);

/** The final snapshot of a cluster: the named snapshot, or any snapshot if the request contains no name. */
const lastSnapshot: Resources = ({ request, input }) => {
  const name = input.text('FinalDBSnapshotIdentifier');
  return name === undefined ? anyArn(request, CLUSTER_SNAPSHOT) : nameOrArn(request, CLUSTER_SNAPSHOT, name);
};

export const RDS_TABLE: ServiceTable = {
  prefix: 'rds',
  eventSource: 'rds.amazonaws.com',
  wires: [query('query', '2014-10-31')],
  shown: [
    'DBInstanceIdentifier',
    'DBClusterIdentifier',
    'DBSnapshotIdentifier',
    'DBClusterSnapshotIdentifier',
    'ResourceName',
  ],
  rows: {
    ...each(
      `DescribeDBEngineVersions DescribeEngineDefaultClusterParameters DescribeEngineDefaultParameters
       DescribeEventCategories DescribeEvents DescribeOrderableDBInstanceOptions DescribeSourceRegions
       DescribeAccountAttributes DescribeCertificates`,
      on(ANYTHING),
    ),
    ...each('DescribeDBLogFiles DownloadDBLogFilePortion DescribeValidDBInstanceModifications', on(instance)),
    ...each('RebootDBInstance StartDBInstance DeleteDBInstance', on(instance)),
    ...each('RebootDBCluster StartDBCluster StopDBCluster', on(cluster)),
    DescribeDBInstances: on(ofOrAny(INSTANCE, 'DBInstanceIdentifier')),
    DescribeDBClusters: on(ofOrAny(CLUSTER, 'DBClusterIdentifier')),
    DescribeDBParameterGroups: on(ofOrAny(PARAMETERS, 'DBParameterGroupName')),
    DescribeDBParameters: on(of(PARAMETERS, 'DBParameterGroupName')),
    DescribeDBSubnetGroups: on(ofOrAny(SUBNETS, 'DBSubnetGroupName')),
    DescribeDBSnapshots: all(
      on(ofOrAny(INSTANCE, 'DBInstanceIdentifier')),
      on(ofOrAny(SNAPSHOT, 'DBSnapshotIdentifier')),
    ),
    DescribeDBClusterSnapshots: all(
      on(ofOrAny(CLUSTER, 'DBClusterIdentifier')),
      on(ofOrAny(CLUSTER_SNAPSHOT, 'DBClusterSnapshotIdentifier')),
    ),
    StopDBInstance: all(on(instance), on(ifNamed(SNAPSHOT, 'DBSnapshotIdentifier'))),
    CreateDBSnapshot: all(
      on(instance, taggedBy('Tags', 'Tag')),
      on(of(SNAPSHOT, 'DBSnapshotIdentifier'), taggedBy('Tags', 'Tag')),
    ),
    DeleteDBSnapshot: on(of(SNAPSHOT, 'DBSnapshotIdentifier')),
    CreateDBClusterSnapshot: all(
      on(cluster, taggedBy('Tags', 'Tag')),
      on(of(CLUSTER_SNAPSHOT, 'DBClusterSnapshotIdentifier'), taggedBy('Tags', 'Tag')),
    ),
    DeleteDBClusterSnapshot: on(of(CLUSTER_SNAPSHOT, 'DBClusterSnapshotIdentifier')),
    DeleteDBCluster: all(on(cluster), on(lastSnapshot)),
    ModifyDBSnapshotAttribute: on(of(SNAPSHOT, 'DBSnapshotIdentifier')),
    CreateDBInstance: all(
      on(instance, bothKeys(instanceKeys, taggedBy('Tags', 'Tag'))),
      on(orDefault(PARAMETERS, 'DBParameterGroupName')),
      on(orDefault(OPTIONS, 'OptionGroupName')),
      on(orDefault(SUBNETS, 'DBSubnetGroupName')),
      on(ifNamed(CLUSTER, 'DBClusterIdentifier')),
      passRole('MonitoringRoleArn', 'monitoring.rds.amazonaws.com'),
    ),
    ModifyDBInstance: all(
      on(instance, instanceKeys),
      on(ifNamed(PARAMETERS, 'DBParameterGroupName')),
      on(ifNamed(OPTIONS, 'OptionGroupName')),
      on(ifNamed(SUBNETS, 'DBSubnetGroupName')),
      passRole('MonitoringRoleArn', 'monitoring.rds.amazonaws.com'),
    ),
    ListTagsForResource: on(tagged),
    AddTagsToResource: on(tagged, taggedBy('Tags', 'Tag')),
    RemoveTagsFromResource: on(tagged, untaggedBy('TagKeys')),
  },
};

export const RDS: ServiceMapping = serviceOf(RDS_TABLE);
