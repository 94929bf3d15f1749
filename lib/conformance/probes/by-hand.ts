/**
 * Assumptions that are not tested automatically yet, because the test requires a deployed broker, an EC2 instance, or a
 * person.
 */
import type { ManualProbe } from '../probe';

const DEPLOYED = 'It needs a deployed broker';

export const byHand: readonly ManualProbe[] = [
  {
    id: 'star-across-colons',
    topic: 'policies',
    assumption: 'A `*` at the end of one of an ARN’s first five parts does not match across colons',
    tried:
      'Allow `logs:DescribeLogStreams` on `arn:aws:logs:*:log-group:NAME` in a test account, and describe the streams of a log group NAME.',
    consequence: 'The policy engine gives wrong results for policies that Leasehold does not deploy.',
    change: 'Correct the policy engine’s interpretation, which is listed in docs/policy-engine.md.',
    byHand: 'The probe needs a log group, and a conformance run does not create one.',
  },
  {
    id: 'api-route-arn',
    topic: 'broker',
    assumption:
      'API Gateway authorizes a call to an HTTP API by an ARN that contains the name of the stage, and wildcards for the API’s id, and every API id has ten characters',
    tried:
      'Call the deployed broker as an agent, with a policy of `leasehold synth`; list the ids of the account’s APIs.',
    consequence: 'Nobody can call the broker.',
    change: 'Put the id of the deployed API into the policies.',
    byHand: `${DEPLOYED}: an API of API Gateway takes minutes to create, and its removal is throttled.`,
  },
  {
    id: 'jwt-claims',
    topic: 'broker',
    assumption:
      'An HTTP API passes the claims of an access token to the function as strings, in `requestContext.authorizer.jwt.claims`',
    tried: 'Sign in to the deployed broker as a user who is in two groups, and request a lease.',
    consequence:
      'People cannot sign in, or the broker cannot read their groups. In both cases, no lease can be opened.',
    change: 'Report the claims exactly as the broker function received them, but do not report the token.',
    byHand: `${DEPLOYED} and a person who signs in.`,
  },
  {
    id: 'cognito-access-token',
    topic: 'broker',
    assumption:
      'Access tokens of Cognito have the claims `client_id`, `token_use`, `username`, `scope` and `cognito:groups`, including after a sign-in with a passkey',
    tried: 'Sign in to the deployed broker with a password and MFA, and with a passkey.',
    consequence: 'People cannot sign in; nothing opens.',
    change: 'Sign in with a password and MFA, or name another issuer in `people.signIn`.',
    byHand: `${DEPLOYED} and a person with a passkey.`,
  },
  {
    id: 'kms-at-rest',
    topic: 'broker',
    assumption: 'The broker’s boundary names every KMS action that encryption at rest calls with the function’s role',
    tried:
      'Request a lease from the deployed broker, and look in CloudTrail for KMS calls that failed with AccessDenied.',
    consequence: 'The broker function cannot access the broker’s tables, so no lease can be opened.',
    change: 'Report the denied call.',
    byHand: `${DEPLOYED}: its tables and its key.`,
  },
  {
    id: 'session-manager-id',
    topic: 'services',
    assumption: 'Session Manager includes the role’s session name in the id of its sessions',
    tried:
      'Use a lease to start a Session Manager session on a managed instance, and compare the id of the session with the id of the lease.',
    consequence: 'No Session Manager session can be ended with a lease.',
    change: 'Remove `ssm:TerminateSession` from the role, and let an administrator end sessions.',
    byHand: 'It needs a managed instance.',
  },
];
