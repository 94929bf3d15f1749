/**
 * `@leasehold/serve/holder`: keeps leases in the memory of one process per user, in the same way as ssh-agent keeps
 * keys. With the holder, programs that are restarted for every request (`credential_process`) ask a person only once.
 */
export { HolderError } from './error';
export { privateFolder, privateFolderPath, trustedFolder } from './folder';
export { type Holder, type HolderOptions, startHolder } from './holder';
export { type HeldLease, type HoldOptions, holdLease, leaseKey } from './holder-client';
export { startHolderProcess } from './process';
