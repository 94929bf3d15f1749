/** `@leasehold/runtime/exec`: runs a program with a lease, and with no other AWS credentials of this process. */
export { cleanEnvironment } from './environment';
export { type Ending, type ExecOptions, execWithLease } from './exec';
