/** The schema of `kind: Broker`. */
import * as z from 'zod';
import { approval } from './schema-approval';
import { claimName } from './schema-claim';
import { hours } from './schema-hours';
import { documented, durationBetween, integer, list, mapping, oneOf, oneOrMany, template } from './schema-parts';
import { consoleDomain, people } from './schema-people';
import { reviewer } from './schema-reviewer';
import { whereWith } from './schema-where';

/** Default budgets. */
export const DEFAULT_BUDGETS = { requests: 60, denials: 10, window: '1h' } as const;

const budget = (limit: number, sentenceOfKey: string) =>
  documented(
    mapping(
      {
        limit: documented(
          integer('a whole number from 1 to 100,000', 1, 100_000),
          `Maximum in one window, 1 to 100,000. Default: \`${limit}\`.`,
          { default: limit },
        ).optional(),
        window: documented(
          durationBetween('1m', '24h'),
          `Length of the window, from \`1m\` to \`24h\`. Default: \`${DEFAULT_BUDGETS.window}\`.`,
          { default: DEFAULT_BUDGETS.window },
        ).optional(),
      },
      'a budget: `{ limit: 60, window: 1h }`',
    ),
    sentenceOfKey,
  );

const subject = mapping(
  {
    issuer: documented(
      template,
      'The exact `iss` of the token: an address with `https`. Templates are supported. Required.',
      { examples: ['https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEfGhI'] },
    ),
    audiences: documented(
      oneOrMany(template, 'an audience, or a list of them'),
      'Accepted values of `aud` or `client_id`. Templates are supported. Required.',
    ),
    tokenUse: documented(
      oneOf(['id', 'access']),
      'Required value of the claim `token_use`, which Cognito sets. Default: the claim is not checked.',
    ).optional(),
    algorithm: documented(oneOf(['RS256', 'ES256']), 'The only accepted signature algorithm. Default: `RS256`.', {
      default: 'RS256',
    }).optional(),
    jwks: documented(
      template,
      "Address of the issuer's public keys. Templates are supported. Default: `<issuer>/.well-known/jwks.json`.",
    ).optional(),
    claims: documented(
      oneOrMany(claimName, 'the name of a claim, or a list of them'),
      'Claims that parameters may be bound to, in addition to `sub`. Default: none.',
    ).optional(),
  },
  'an issuer of tokens: `{ issuer: https://…, audiences: […] }`',
);

/** The keys that an environment may replace. */
const varying = {
  reviewer: documented(reviewer, 'The model that reviews requests. Default: no reviewer.').optional(),
  budgets: documented(
    mapping(
      {
        requests: budget(
          DEFAULT_BUDGETS.requests,
          'Limit of requests per requester. Default: `{ limit: 60, window: 1h }`.',
        ).optional(),
        denials: budget(
          DEFAULT_BUDGETS.denials,
          'Limit of denials per requester; beyond it the requester must wait. Default: `{ limit: 10, window: 1h }`.',
        ).optional(),
      },
      'budgets: `{ requests: { limit: 60, window: 1h } }`',
    ),
    'Limits for each requester. These limits stop an agent that is in a loop. Default: 60 requests and 10 denials per hour.',
  ).optional(),
  approval: approval({
    fewest: 1,
    humans: 'Number of humans who must approve, 1 to 8. The value 0 is possible only in a role. Required.',
    window: 'Time in which they can answer, from `1m` to `24h`. Default: `30m`.',
    approval:
      'How many humans the broker asks, if neither the role nor the environment of the project sets it. Default: `{ humans: 1, window: 30m }`.',
  }).optional(),
  hours: hours(
    'Hours of the day during which the broker accepts requests, as whole hours in UTC. At other times, the broker denies every request. Default: all hours.',
  ).optional(),
  subjects: documented(
    list(subject, 'a list of issuers of tokens'),
    'Token issuers. A token proves the identity of the user on whose behalf a requester acts. Default: none, so nobody acts on behalf of a user.',
  ).optional(),
  revoke: documented(
    mapping(
      {
        by: documented(
          oneOf(['role-tags', 'deny-policy']),
          '`role-tags`: a tag on the role names the lease. `deny-policy`: the revocation policy names it. Required.',
        ),
      },
      'how a lease is revoked: `{ by: deny-policy }`',
    ),
    'How the broker revokes a single lease. It always revokes whole roles by both. Default: `{ by: role-tags }`.',
  ).optional(),
  people: people.optional(),
  console: consoleDomain.optional(),
};

const override = documented(
  mapping(varying, 'the keys that differ here'),
  "Keys that replace the broker's own in this environment, each as a whole.",
);

/** The service that issues leases of roles with gate `broker`, and its rules. */
export const brokerSchema = mapping(
  {
    kind: documented(z.literal('Broker'), '`Broker`: the service that opens the roles with `gate: broker`. Required.'),
    ...varying,
    environments: whereWith(
      override,
      'Write `false` to deploy no broker in this environment.',
      'Environments in which a broker is deployed: a list; or a mapping from environments to the keys that they replace, or to `false` for no broker. Default: every environment.',
    ).optional(),
  },
  'a broker',
);

/** A broker document as written. */
export type BrokerYaml = z.infer<typeof brokerSchema>;
/** The keys that an environment may replace, as written. */
export type BrokerOverrideYaml = z.infer<typeof override>;
/** A token issuer as written. */
export type SubjectYaml = z.infer<typeof subject>;
