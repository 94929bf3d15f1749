import { evaluate, explain, type PolicyDocuments, prepare, type Request, type Verdict } from '@leasehold/policy';
import fc from 'fast-check';
import {
  document,
  documentsOf,
  plainStatement,
  question,
  RUNS,
  resourceStatement,
  type World,
  type Written,
} from './evaluate-arbitraries';

const NOTHING: Written = { Effect: 'Allow', Action: 'none:Nothing', Resource: '*' };
/** The keys of a world that hold statements of a plain policy, and that its caller can have. */
const PLAIN = ['identity', 'boundary', 'session', 'scopeDown', 'scps'] as const;

function ask(request: Request, world: World): Verdict {
  return evaluate(request, prepare(documentsOf(world)));
}

function holds(request: Request, world: World): boolean {
  return ask(request, world).outcome === 'allowed';
}

function present(world: World) {
  return (['resource', ...PLAIN] as const).filter((key) => (world[key]?.length ?? 0) > 0);
}

function check<T>(property: fc.IProperty<T>): void {
  fc.assert(property, { numRuns: RUNS });
}

describe('property: what may not depend on the writing', () => {
  it('statements in another order have the same outcome', () => {
    check(
      fc.property(question, fc.infiniteStream(fc.nat()), ({ request, world }, numbers) => {
        const shuffled = mapped(world, (statements) => shuffle(statements, numbers));
        expect(ask(request, shuffled).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });

  it('an identity policy split into one policy a statement has the same outcome', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const split: PolicyDocuments = {
          ...documentsOf(world),
          identity: world.identity.map((one) => document([one])),
        };
        expect(evaluate(request, prepare(split)).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });

  it('a statement split into one statement an action and resource has the same outcome', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const split = mapped(world, (statements) => statements.flatMap(splitLists));
        expect(ask(request, split).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });

  it('a statement said twice is said once', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const doubled = mapped(world, (statements) => [...statements, ...statements]);
        expect(ask(request, doubled).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });

  it('the text of a policy has the outcome of its value', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const documents = documentsOf(world);
        const text = { ...documents, identity: documents.identity?.map((one) => JSON.stringify(one)) ?? [] };
        expect(evaluate(request, prepare(text)).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });

  it('an action in another case has the same outcome', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const action = request.action.toUpperCase();
        expect(ask({ ...request, action }, world).outcome).toBe(ask(request, world).outcome);
      }),
    );
  });
});

describe('property: only subtraction', () => {
  it('a deny more never allows more, in whatever policy it stands', () => {
    check(
      fc.property(question, plainStatement, resourceStatement, ({ request, world }, plain, resource) => {
        const before = holds(request, world);
        for (const key of present(world)) {
          const added: Written = { ...(key === 'resource' ? asPrincipal(resource) : plain), Effect: 'Deny' };
          expect(holds(request, { ...world, [key]: [...(world[key] ?? []), added] }) && !before).toBe(false);
        }
      }),
    );
  });

  it('an allow less never allows more, in whatever policy it stood', () => {
    check(
      fc.property(question, fc.nat(), ({ request, world }, number) => {
        const before = holds(request, world);
        for (const key of present(world)) {
          const statements = world[key] ?? [];
          const at = number % statements.length;
          if (statements[at]?.Effect !== 'Allow' || (statements.length === 1 && key !== 'identity')) continue;
          const fewer = statements.filter((_, index) => index !== at);
          expect(holds(request, { ...world, [key]: fewer }) && !before).toBe(false);
        }
      }),
    );
  });

  it('an explicit deny stays one whatever is allowed besides', () => {
    check(
      fc.property(question, ({ request, world }) => {
        if (ask(request, world).outcome !== 'explicitly denied') return;
        const all: Written = { Effect: 'Allow', Action: '*', Resource: '*' };
        const generous = mapped(world, (statements, key) => {
          if (statements.length === 0) return statements;
          return [...statements, key === 'resource' ? { ...all, Principal: '*' } : all];
        });
        expect(ask(request, generous).outcome).toBe('explicitly denied');
      }),
    );
  });

  it.each(['boundary', 'session', 'scopeDown', 'scps'] as const)(
    'a %s policy never allows what was not allowed without it',
    (key) => {
      check(
        fc.property(question, ({ request, world }) => {
          // Without a session policy a federated user is allowed nothing, so there the policy is what allows.
          if (key === 'session' && request.principal.kind === 'federated-user') return;
          if (world[key] !== undefined && holds(request, world))
            expect(holds(request, { ...world, [key]: undefined })).toBe(true);
        }),
      );
    },
  );

  it('nothing is allowed past a scope-down or service control policy that allows nothing', () => {
    check(
      fc.property(question, fc.constantFrom('scopeDown' as const, 'scps' as const), ({ request, world }, key) => {
        const { kind } = request.principal;
        const bound =
          key === 'scps' ? accountOf(request) !== undefined : kind === 'session' || kind === 'federated-user';
        if (bound) expect(holds(request, { ...world, [key]: [NOTHING] })).toBe(false);
      }),
    );
  });

  it('a boundary or session policy that allows nothing leaves only what a resource policy of the account grants to the caller by name or to everybody', () => {
    check(
      fc.property(question, fc.constantFrom('boundary' as const, 'session' as const), ({ request, world }, key) => {
        const { kind } = request.principal;
        if (!(kind === 'session' || (kind === 'user' && key === 'boundary'))) return;
        const verdict = ask(request, { ...world, [key]: [NOTHING] });
        if (verdict.outcome !== 'allowed') return;
        expect(verdict.by?.kind).toBe('resource');
        expect(accountOf(request)).toBe(request.resourceAccount);
        expect(namesCaller(request, world.resource?.[verdict.by?.statement ?? 0])).toBe(true);
      }),
    );
  });
});

describe('property: the answer', () => {
  it('is the same for the same question, and changes neither request nor policies', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const policies = prepare(documentsOf(world));
        const before = JSON.stringify([request, world]);
        expect(evaluate(request, policies)).toEqual(evaluate(request, policies));
        expect(JSON.stringify([request, world])).toBe(before);
      }),
    );
  });

  it('agrees with its explanation: the statement that decided matches, and no deny matches what is not denied', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const verdict = ask(request, world);
        const { statements, sentence } = explain(verdict);
        expect(sentence).toContain(` is ${verdict.outcome}`);
        expect(statements.some(({ matched, effect }) => matched && effect === 'Deny')).toBe(
          verdict.outcome === 'explicitly denied',
        );
        const decided = statements.find(({ statement }) => JSON.stringify(statement) === JSON.stringify(verdict.by));
        if (verdict.by !== undefined) expect(decided).toMatchObject({ matched: true });
        for (const note of statements) expect(note.mismatch === undefined).toBe(note.matched);
      }),
    );
  });

  it('is an allow only with something that granted it', () => {
    check(
      fc.property(question, ({ request, world }) => {
        const { outcome, by, rule, lacking } = ask(request, world);
        if (outcome === 'allowed') expect(by ?? rule).toBeDefined();
        if (outcome === 'implicitly denied') expect(lacking.length > 0 || rule !== undefined).toBe(true);
        else expect(lacking).toEqual([]);
      }),
    );
  });
});

function mapped(world: World, change: (statements: readonly Written[], key: keyof World) => readonly Written[]): World {
  const entries = Object.entries(world) as [keyof World, readonly Written[] | undefined][];
  return Object.fromEntries(entries.map(([key, value]) => [key, value && change(value, key)])) as unknown as World;
}

function shuffle<T>(items: readonly T[], numbers: fc.Stream<number>): readonly T[] {
  return items
    .map((item) => [numbers.next().value ?? 0, item] as const)
    .sort(([left], [right]) => left - right)
    .map(([, item]) => item);
}

/** One statement an action, or a resource, of a list; lists of negated elements cannot be split. */
function splitLists(statement: Written): Written[] {
  const { Action, Resource } = statement;
  const byAction = Array.isArray(Action) ? Action.map((one) => ({ ...statement, Action: one })) : [statement];
  return byAction.flatMap((one) =>
    Array.isArray(Resource) ? Resource.map((each) => ({ ...one, Resource: each })) : [one],
  );
}

function asPrincipal({ NotPrincipal, ...statement }: Written): Written {
  return NotPrincipal === undefined ? statement : { ...statement, Principal: NotPrincipal };
}

function accountOf({ principal }: Request): string | undefined {
  if (principal.kind === 'root') return principal.account;
  const arn = 'arn' in principal ? principal.arn : 'roleArn' in principal ? principal.roleArn : undefined;
  return arn?.split(':')[4];
}

/** Whether a statement of a resource policy names the caller itself, or everybody. */
function namesCaller({ principal }: Request, statement: Written | undefined): boolean {
  const who = JSON.stringify(statement?.Principal ?? null);
  const self = principal.kind === 'session' ? `assumed-role/r/${principal.sessionName}` : 'user/u';
  return who === '"*"' || who.includes(self);
}
