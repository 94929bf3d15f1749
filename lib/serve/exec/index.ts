/** `@leasehold/serve/exec`: runs a program with a lease, and without the other AWS credentials of this process. */

export { CREDENTIAL_VARIABLES, HARMLESS_VARIABLES, leadsToCredentials, SHUT } from '@leasehold/runtime/internal';
export { cleanEnvironment, regionOf } from './environment';
export { type Ending, type ExecOptions, execWithLease } from './exec';
export { type ProgramFault, programFault } from './find-program';
