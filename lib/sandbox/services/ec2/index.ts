/**
 * The mapping for EC2. A request that matches no row is refused, for example a request with a launch template or an
 * instance profile.
 */
import type { ServiceMapping } from '../../service-mapping';
import { ANYTHING, each, type Keys, on, type ServiceTable, serviceOf } from '../common/table';
import { query } from '../common/wire';
import { CHANGE_ROWS } from './changes';
import { EC2_READS } from './reads';
import { runInstances } from './run-instances';
import { createTags, deleteTags } from './tags';

const region: Keys = ({ request }) => ({ 'ec2:Region': request.region });

export const EC2_TABLE: ServiceTable = {
  prefix: 'ec2',
  eventSource: 'ec2.amazonaws.com',
  wires: [query('ec2', '2016-11-15')],
  shown: [
    'InstanceId',
    'ImageId',
    'InstanceType',
    'VolumeId',
    'SnapshotId',
    'GroupId',
    'VpcId',
    'SubnetId',
    'ResourceId',
  ],
  rows: {
    ...each(EC2_READS, on(ANYTHING, region)),
    ...CHANGE_ROWS,
    CreateTags: createTags,
    DeleteTags: deleteTags,
    RunInstances: runInstances,
  },
};

export const EC2: ServiceMapping = serviceOf(EC2_TABLE);
