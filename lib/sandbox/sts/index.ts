/** The AWS Security Token Service. */
import type { QueryService } from '../query/service';
import { assumeRole } from './assume-role';
import { getScopedCredentials } from './scoped-credentials';
import { getAccessKeyInfo, getCallerIdentity, getSessionToken } from './session-token';

export const STS: QueryService = {
  name: 'sts',
  eventSource: 'sts.amazonaws.com',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  version: '2011-06-15',
  operations: {
    AssumeRole: assumeRole,
    GetSessionToken: getSessionToken,
    GetScopedCredentials: getScopedCredentials,
    GetCallerIdentity: getCallerIdentity,
    GetAccessKeyInfo: getAccessKeyInfo,
  },
};
