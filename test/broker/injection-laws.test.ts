/** Whatever a reviewer answers about a bank, nothing is granted outside the roles, and nobody else's data is in reach. */
import fc from 'fast-check';
import type { Requester } from '../../lib/broker/identity';
import { boundValue, isEligible } from '../../lib/broker/rules';
import { offerOf } from '../../lib/broker/service/offer';
import { validate } from '../../lib/broker/verdict/validate';
import { BANK_ROLES, customer, REQUESTERS } from './injection/bank';
import { attacks, harms } from './injection/cases';
import { expectInside, sessionOf } from './injection/harmless';

const numRuns = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

/** Out of everybody's reach, whichever role it is and whatever its parameters are. */
const NEVER = Object.entries(harms()).filter(
  ([name]) => !/support request T-2|Alice|release 1\.4|notes of the deployer|customer (8|70)$/.test(name),
);

const roles = BANK_ROLES.map(({ role }) => role.name);
const actions = [...new Set(BANK_ROLES.flatMap(({ role }) => role.allow.flatMap((allow) => allow.actions)))];
const parameters = [...new Set(BANK_ROLES.flatMap(({ role }) => role.parameters.map(({ name }) => name)))];
/** Everything that the attacks have a reviewer say: where one failed, a mixture of them might not. */
const said = attacks().flatMap(({ attack }) => textsIn([attack.answer, attack.says]));

const text = fc.oneof(
  fc.constantFrom(...roles, ...actions, ...parameters),
  fc.constantFrom('customer-7', 'customer-8', '1.4.2', 'green', 'T-1', 'alice', 'deployer', '*', 's3:*', '__proto__'),
  fc.constantFrom(...said),
  fc.string({ maxLength: 20 }),
);

/** Mostly the one, now and then the other. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 6, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

/** Values of the parameters that are free to choose. */
const GOOD: Readonly<Record<string, string>> = { ticket: 'T-1', release: '1.4.2', stage: 'green', user: 'bob' };
const dictionary = fc.dictionary(text, text, { maxKeys: 3 });
const fault = fc.dictionary(
  fc.constantFrom('decision', 'role', 'actions', 'parameters', 'minutes', 'resources', 'humans'),
  fc.oneof(text, fc.jsonValue()),
  { maxKeys: 2 },
);

/** A request for a role, and an answer to it that could be granted, with a fault here and there. */
const near = fc.constantFrom(...BANK_ROLES).chain((brokered) => {
  const { name: role, allow, parameters: all } = brokered.role;
  const own = allow.flatMap((each) => each.actions);
  const free = Object.fromEntries(
    all.flatMap(({ name, from }) => (from === undefined ? [[name, GOOD[name] ?? '']] : [])),
  );
  const eligible = Object.keys(REQUESTERS).filter((name) => isEligible(brokered, REQUESTERS[name] as Requester));
  return fc.record({
    by: mostly(fc.constantFrom(...eligible), fc.constantFrom(...Object.keys(REQUESTERS))),
    sub: mostly(
      fc.constant<string | undefined>('customer-7'),
      fc.constantFrom('customer-8', 'customer-*', 'bob', undefined),
    ),
    asked: fc.oneof(
      fc.constant({ intent: 'Do what the customer wants' }),
      fc.record({
        role: mostly(fc.constant(role), fc.constantFrom(...roles)),
        parameters: mostly(fc.constant(free), dictionary),
        reason: fc.constant('Do what the customer wants'),
      }),
    ),
    answer: fc
      .record({
        decision: fc.constantFrom('allow', 'allow', 'escalate'),
        role: mostly(fc.constant(role), text),
        actions: mostly(fc.subarray(own, { minLength: 1 }), fc.array(text, { minLength: 1, maxLength: 3 })),
        parameters: mostly(fc.constant(free), dictionary),
        minutes: mostly(fc.integer({ min: 1, max: 15 }), fc.double()),
        risk: fc.constantFrom('low', 'high'),
        sentence: fc.constant('It is needed.'),
        fault: mostly(fc.constant({}), fault),
      })
      .map(({ fault: wrong, ...fair }): unknown => ({ ...fair, ...wrong })),
  });
});

const anything = fc
  .tuple(near, fc.oneof(fc.jsonValue(), fc.anything()))
  .map(([asked, answer]) => ({ ...asked, answer }));

it.each([
  ['a reviewer that is nearly right', near, 10],
  ['a reviewer that says anything', anything, 0],
])('%s', (_, scenario, fewest) => {
  let granted = 0;
  fc.assert(
    fc.property(scenario, ({ by, sub, asked, answer }) => {
      const requester = REQUESTERS[by] as Requester;
      const subject = sub === undefined ? {} : { subject: customer(sub) };
      const offer = offerOf('lh-1', { requester, ...subject }, asked, { roles: BANK_ROLES });
      const judged = validate(answer, offer);
      if (judged.kind !== 'grant') return;
      const { brokered, grant, humans } = judged;
      granted += 1;
      expectInside(judged);
      expect(isEligible(brokered, requester)).toBe(true);
      expect(humans).toBeGreaterThanOrEqual(brokered.humans);
      for (const [name, binding] of Object.entries(brokered.bindings)) {
        expect(grant.parameters[name]).toBe(boundValue(binding, requester, offer.subject));
      }
      if (!('intent' in asked)) expect(grant.role).toBe(asked.role);
      const can = sessionOf(judged);
      expect(NEVER.filter(([, harm]) => can(harm)).map(([name]) => name)).toEqual([]);
    }),
    { numRuns },
  );
  // Not for want of grants.
  expect(granted).toBeGreaterThanOrEqual(fewest);
});

/** Every text in a value. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [key, ...textsIn(inner)]);
}
