/**
 * `@leasehold/serve/login`: signs a person in with an OIDC issuer, and keeps the tokens in the memory of one process,
 * so that the commands of that person can call the broker.
 */
export { type BrowserSignIn, isLoopbackRedirect, signInWithBrowser } from './browser-sign-in';
export { SignInError } from './error';
export { type EndedLogin, endLogin, type Login, loginAt, type NewLogin, replaceLogin } from './login-client';
export { type LoginHolder, type LoginHolderOptions, startLoginHolder } from './login-holder';
export {
  type DeviceCode,
  deviceCode,
  discover,
  type HeldTokens,
  type IssuerMetadata,
  type Revocation,
  type SignedIn,
  type SignedInAccount,
} from './oidc';
