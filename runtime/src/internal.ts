/**
 * Building blocks that Leasehold's own packages share with the runtime. They have no compatibility guarantee: import
 * from `@leasehold/runtime` instead.
 * @internal
 */

export { channelNamed } from './channels/named-channel';
export { CHANNELS, type ChannelEntry, configuresChannel, secretVariables } from './channels/registry';
export { isInBackground } from './channels/terminal/background';
export { type Connection, connectionTo } from './connection';
export { CREDENTIAL_VARIABLES, HARMLESS_VARIABLES, leadsToCredentials, SHUT } from './environment/sources';
export { aborted } from './errors';
export { ONE_CALL } from './lease/checked-request';
export { CircuitBreaker, FIRST_PAUSE } from './lease/circuit-breaker';
export { apart, type SessionClient } from './lease/session-client';
export { isLoopback } from './loopback';
export { onLine } from './on-line';
export { noticesOf } from './permissions';
export { type FolderFault, OTHERS, privateFolderFault } from './private-folder';
export { secondsOf } from './seconds';
export { writeSecretFile } from './secret-file';
