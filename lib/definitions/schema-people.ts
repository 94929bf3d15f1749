/** The schema of how people sign in to the broker, and of the console's own domain. */
import * as z from 'zod';
import { claimName } from './schema-claim';
import {
  documented,
  durationBetween,
  integer,
  list,
  mapping,
  oneOf,
  oneOrMany,
  say,
  sentence,
  template,
} from './schema-parts';

/** Default values of the sign-in settings. */
export const SIGN_IN_DEFAULTS = {
  passwordLength: 14,
  accessToken: '15m',
  refreshToken: '8h',
  scope: 'openid',
  algorithm: 'RS256',
} as const;

const cognito = mapping(
  {
    domain: documented(
      template,
      'Prefix of the address of the sign-in pages, unique in the region. Templates are supported. Default: `<project>-<environment>-<account>`.',
    ).optional(),
    passwordLength: documented(
      integer('a whole number from 12 to 99', 12, 99),
      `Minimum length of a password in characters, 12 to 99. Default: \`${SIGN_IN_DEFAULTS.passwordLength}\`.`,
      { default: SIGN_IN_DEFAULTS.passwordLength },
    ).optional(),
    accessToken: documented(
      durationBetween('5m', '24h'),
      `How long a sign-in token is valid, from \`5m\` to \`24h\`; a guardrail allows at most \`1h\`. Default: \`${SIGN_IN_DEFAULTS.accessToken}\`.`,
      { default: SIGN_IN_DEFAULTS.accessToken },
    ).optional(),
    refreshToken: documented(
      durationBetween('1h', '720h'),
      `How long somebody stays signed in, from \`1h\` to \`720h\`; a guardrail allows at most \`24h\`. Default: \`${SIGN_IN_DEFAULTS.refreshToken}\`.`,
      { default: SIGN_IN_DEFAULTS.refreshToken },
    ).optional(),
    redirects: documented(
      list(template, 'a list of addresses'),
      "Further exact addresses to which the sign-in pages may return, in addition to the console's. Templates are supported. Default: none.",
      { examples: [['http://localhost:8976/signed-in']] },
    ).optional(),
  },
  'a user pool: `{}`',
);

const oidc = mapping(
  {
    issuer: documented(
      template,
      'The exact `iss` of its tokens: an address with `https`. Templates are supported. Required.',
      {
        examples: ['https://login.example.com'],
      },
    ),
    clientId: documented(
      template,
      'Id of the public client that is registered with the issuer. Templates are supported. Required.',
    ),
    audience: documented(
      template,
      'The `aud` of an access token, or its `client_id` if it has no `aud`. Templates are supported. Default: the `clientId`.',
    ).optional(),
    scope: documented(
      template,
      `A scope that every access token has, in \`scope\` or \`scp\`. Templates are supported. Default: \`${SIGN_IN_DEFAULTS.scope}\`.`,
      { default: SIGN_IN_DEFAULTS.scope },
    ).optional(),
    requestScope: documented(
      template,
      'The scope that the console and `leasehold login` request at the issuer, if its name in tokens differs, as at Microsoft Entra ID. Templates are supported. Default: the `scope`.',
      { examples: ['api://00001111-aaaa-2222-bbbb-3333cccc4444/leases'] },
    ).optional(),
    nameClaim: documented(
      claimName,
      "Claim that contains a person's name, which must be unique and which people cannot change themselves. Required.",
    ),
    groupsClaim: documented(claimName, 'Claim that contains the list of groups. Required.'),
    algorithm: documented(
      oneOf(['RS256', 'ES256']),
      `The only accepted signature algorithm. Default: \`${SIGN_IN_DEFAULTS.algorithm}\`.`,
      { default: SIGN_IN_DEFAULTS.algorithm },
    ).optional(),
    jwks: documented(
      template,
      "Address of the issuer's public keys. Templates are supported. Default: `<issuer>/.well-known/jwks.json`.",
    ).optional(),
    accessToken: documented(
      durationBetween('5m', '24h'),
      `Maximum age of a token, even if the token itself is valid longer, from \`5m\` to \`24h\`; a guardrail allows at most \`1h\`. Default: \`${SIGN_IN_DEFAULTS.accessToken}\`.`,
      { default: SIGN_IN_DEFAULTS.accessToken },
    ).optional(),
    mfa: documented(
      oneOf(['issuer']),
      '`issuer`: the issuer requires MFA from everybody who signs in to this client. A guardrail requires this key. Default: nothing is declared.',
    ).optional(),
    because: documented(
      sentence,
      "Name of the issuer's policy that requires MFA. A guardrail requires this key. Default: none.",
    ).optional(),
  },
  'an OIDC issuer: `{ issuer: https://…, clientId: …, nameClaim: …, groupsClaim: …, mfa: issuer, because: … }`',
);

const ONE = say('`cognito` or `oidc`', 'Write one of the two keys.', 'names no single way to sign in');

const GROUP = 'the value of a group, 1 to 256 visible ASCII characters without `*`';
const group = z
  .string(say(GROUP, 'Write the value as the issuer writes it.'))
  .regex(/^(?!.*\*)[!-~](?:[ -~]{0,254}[!-~])?$/, say(GROUP, 'Write the value as the issuer writes it.'));
const groups = oneOrMany(group, 'a group, or a list of them');

/** How people sign in, in one environment. */
export const people = documented(
  mapping(
    {
      signIn: documented(
        mapping(
          {
            cognito: documented(
              cognito,
              'A user pool that is deployed with the broker. Only administrators can create users, and everybody needs MFA with an authenticator app. Default: no user pool.',
            ).optional(),
            oidc: documented(oidc, 'An existing OIDC issuer. Default: none.').optional(),
          },
          'how people sign in: `{ cognito: {} }` or `{ oidc: { issuer: https://…, … } }`',
        )
          .refine(({ cognito: pool, oidc: issuer }) => (pool === undefined) !== (issuer === undefined), ONE)
          .meta({ minProperties: 1, maxProperties: 1 }),
        'How people prove who they are: exactly one of `cognito` and `oidc`. Required.',
      ),
      groups: documented(
        mapping(
          {
            requester: documented(
              z.union([z.literal('*'), groups], say('`"*"`, a group, or a list of groups', 'Write one of them.')),
              'Groups whose members may request leases; `"*"` for everybody who can sign in. Required.',
            ),
            approver: documented(
              groups,
              "Groups whose members may approve, if they are also listed under the project's `approvers`. Default: nobody who signs in with a browser can approve.",
            ).optional(),
            administrator: documented(
              groups,
              'Groups whose members may administer, if their document also contains `administrator: true`. Default: nobody who signs in with a browser can administer.',
            ).optional(),
          },
          'groups: `{ requester: "*", approver: [platform-leads] }`',
        ),
        'What people may do, depending on the groups in their sign-in token. Required.',
      ),
      approveWith: documented(
        oneOf(['passkey', 'mfa']),
        '`passkey`: each approval needs a signature by a passkey; `mfa`: people approve on the command line, as IAM users with a code. Nobody can approve with a sign-in alone. Default: `mfa`; a guardrail requires the key in production.',
      ).optional(),
    },
    'how people sign in: `{ signIn: { cognito: {} }, groups: { requester: "*" } }`',
  ),
  'How people sign in with a browser, in addition to calls as IAM users. Default: people call the broker only as IAM users with MFA.',
);

/** The console's own domain. */
export const consoleDomain = documented(
  mapping(
    {
      domain: documented(
        template,
        'Host name of the console and the API, without scheme and path. Passkeys are bound to this host name, so choose the host name before people register passkeys. Templates are supported. Required.',
        { examples: ['leases.example.com'] },
      ),
      certificate: documented(
        template,
        "ARN of its certificate in ACM, in the environment's region. Templates are supported. Required.",
      ),
      assistant: documented(
        template,
        'Address of the WebSocket of an assistant, which the console then offers for chatting. The console sends access tokens to this address. Templates are supported. Default: no assistant.',
        { examples: ['wss://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/chat'] },
      ).optional(),
    },
    'a domain: `{ domain: leases.example.com, certificate: "arn:aws:acm:…" }`',
  ),
  "The domain of the console and the API. Default: the API's own address.",
);

/** As written. */
export type PeopleYaml = z.infer<typeof people>;
/** The console's own domain as written. */
export type ConsoleYaml = z.infer<typeof consoleDomain>;
