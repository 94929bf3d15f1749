/**
 * A local replacement for AWS on a developer's machine: an STS server and an authorizing proxy that enforce the
 * deployed policies.
 */
export type { ApiEvent, IamIdentity, JwtClaims } from './api/api-event';
export type { ApiFile, ApiRoute, SandboxApi, TokenRoutes } from './api/http-api';
export { ASSUMPTIONS, type Assumption } from './assumptions';
export type { Decision } from './authorize';
export { Clock } from './clock';
export { Credentials } from './credentials/credentials';
export { SandboxError } from './errors';
export { type Event, EventLog, type UserIdentity } from './log';
export type { SandboxOptions, SandboxSource } from './options';
export type { HeldDevice, Person } from './people';
export { ADMINISTRATOR, type LeaseOptions, Sandbox } from './sandbox';
export type { Context, MappedCall, Need, ServiceMapping, SignedRequest } from './service-mapping';
export { startSandbox } from './start';
export type { TokenRequest } from './sts/issuer';
