/** Recorded plans, damaged: an error that says where, or an estate; never another error, never less than was there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { plannedAccess } from '../../../lib/review/estate';
import type { PlannedAccess } from '../../../lib/review/model';
import { PlanError, readPlan } from '../../../lib/review/plan';

const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);
const PLANS = join(__dirname, '..', '..', 'plans');

const texts = readdirSync(PLANS, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'planning-failed')
  .map(({ name }) => JSON.stringify(JSON.parse(readFileSync(join(PLANS, name, 'plan.json'), 'utf8'))));

const aText = fc.constantFrom(...texts);

function read(text: string): PlannedAccess | PlanError {
  try {
    return plannedAccess(readPlan(text));
  } catch (error) {
    if (error instanceof PlanError) return error;
    throw error;
  }
}

it('a plan that is cut off is refused, with the byte where it ends', () => {
  fc.assert(
    fc.property(aText, fc.nat(), (text, at) => {
      const cut = text.slice(0, 1 + (at % (text.length - 1)));
      const fault = read(cut);
      expect(fault).toBeInstanceOf(PlanError);
      expect(fault).toMatchObject({ code: 'truncated', offset: Buffer.byteLength(cut) });
    }),
    { numRuns: RUNS },
  );
});

it('a plan with another byte somewhere is refused or read, and nothing else happens', () => {
  fc.assert(
    fc.property(aText, fc.nat(), fc.constantFrom(...'{}[]",:0n\\\u0000é '), (text, at, char) => {
      const index = at % text.length;
      const fault = read(text.slice(0, index) + char + text.slice(index + 1));
      if (fault instanceof PlanError) expect(fault.hint).not.toBe('');
    }),
    { numRuns: RUNS },
  );
});

/** A copy with one value, chosen by a number, replaced. */
function replaced(text: string, at: number, value: unknown): string {
  let count = 0;
  JSON.parse(text, (_, each) => {
    count += 1;
    return each;
  });
  let index = 0;
  const copy = JSON.parse(text, (_, each) => {
    index += 1;
    return index - 1 === at % count ? value : each;
  });
  return JSON.stringify(copy) ?? 'null';
}

it('a plan with another value somewhere is refused or read, and nothing else happens', () => {
  const odd = fc.constantFrom<unknown>(null, true, 0, -1, '', 'x', [], {}, [null], { __proto__: null }, [[]], '\u0000');
  fc.assert(
    fc.property(aText, fc.nat(), odd, (text, at, value) => {
      const fault = read(replaced(text, at, value));
      if (fault instanceof PlanError) expect(fault.message).not.toBe('');
    }),
    { numRuns: RUNS },
  );
});

const POLICIES = /^(policy|inline_policy|assume_role_policy|access_policy|access_policies|policy_document)$/;

it('a policy that becomes unknown is still there, as unknown', () => {
  for (const text of texts) {
    const plan = JSON.parse(text);
    const written = new Set<string>(
      (plan.configuration.root_module.resources ?? []).flatMap(
        ({ address, expressions = {} }: { address: string; expressions?: object }) =>
          Object.keys(expressions).map((name) => `${address} ${name}`),
      ),
    );
    for (const { change, mode, address } of plan.resource_changes) {
      const names = Object.keys(change.after ?? {}).filter(
        (name) =>
          written.has(`${address} ${name}`) &&
          POLICIES.test(name) &&
          typeof change.after[name] === 'string' &&
          change.after[name] !== '',
      );
      if (mode !== 'managed' || names.length === 0 || change.actions.includes('delete')) continue;
      const [name = ''] = names;
      const saved = change.after[name];
      const unknown = change.after_unknown;
      delete change.after[name];
      change.after_unknown = { ...unknown, [name]: true };
      const access = read(JSON.stringify(plan));
      expect({ address, unknown: unknowns(access, address) }).toEqual({ address, unknown: true });
      change.after[name] = saved;
      change.after_unknown = unknown;
    }
  }
});

/** Whether something after the plan stands at the address, and cannot be read. */
function unknowns(access: PlannedAccess | PlanError, address: string): boolean {
  if (access instanceof PlanError) return false;
  const policies = [
    ...[...access.after.identities.values()].flatMap(({ policies, boundary, trust }) => [...policies, boundary, trust]),
    ...[...access.after.resourcePolicies.values()].map(({ policy }) => policy),
  ];
  return (
    policies.some((policy) => policy?.place.address === address && policy.document.kind === 'unknown') ||
    access.unread.some(({ place }) => place.address === address)
  );
}
