/** `@leasehold/serve/exec`: runs a program with a lease, and with no other AWS credentials of this process. */
export { cleanEnvironment, regionOf } from './environment';
export { programFault, type ProgramFault } from './find-program';
export { type Ending, type ExecOptions, execWithLease } from './exec';
export { CREDENTIAL_VARIABLES, HARMLESS_VARIABLES, leadsToCredentials, SHUT } from '@leasehold/runtime/internal';
