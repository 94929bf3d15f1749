/** The schema of a role's keys that define how the broker issues leases of the role. */
import { approval } from './schema-approval';
import { documented, mapping, name, oneOf, oneOrMany, say } from './schema-parts';

const NOBODY = say('`agents`, `groups` or both', 'List who may request the role, or remove the key.', 'names nobody');

/** Keys of a role that apply only to gate `broker`. */
export const brokerRules = {
  approval: approval({
    fewest: 0,
    humans: 'Number of humans who must approve before the broker issues a lease: 0 to 8. Required.',
    window: "Time in which they can answer, from `1m` to `24h`. Default: the environment's.",
    approval: "How many humans the broker asks for a lease of this role. Default: the environment's.",
  }).optional(),
  reviewer: documented(
    oneOf(['off', 'advise', 'decide']),
    'Effect of the reviewer. `off`: it is not asked. `advise`: a human decides if the reviewer denies or fails. `decide`: the lease is denied if the reviewer denies or fails. Default: `advise` if the broker has a reviewer, else `off`.',
  ).optional(),
  eligible: documented(
    mapping(
      {
        agents: documented(
          oneOrMany(name, 'the name of an agent, or a list of names'),
          "Agents that may request the role, a subset of the role's `agents`. Default: none.",
        ).optional(),
        groups: documented(
          oneOrMany(name, 'the name of a group, or a list of names'),
          'Groups of people who may request the role. Default: none.',
        ).optional(),
      },
      'who may ask: `{ agents: […], groups: […] }`',
    )
      .refine(({ agents, groups }) => agents !== undefined || groups !== undefined, NOBODY)
      .meta({ minProperties: 1 }),
    "The only agents and people that may request the role from the broker. Default: the role's `agents`, and no people.",
  ).optional(),
};
