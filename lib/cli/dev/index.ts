/**
 * Runs the broker on a developer's machine. Uses the same handler as in AWS, but the sandbox in place of AWS, and
 * tables in memory.
 */
export { Dev } from './dev';
export type { DevAccount } from './issuer/accounts';
export type { DevOptions } from './options';
export { type CodeOptions, issueFirstTestCode, SigningPerson } from './passkeys/signing-person';
export type { LocalReviewer } from './reviewer';
export type { DevSignIn } from './sign-in';
export { startDev } from './start';
