/**
 * Stores the progress of a run in a file: the units that were read, and the counts. A run with other definitions or
 * another time window cannot use the file. The file contains data from the trail, such as lease reasons and resource
 * names.
 */
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { defined } from '@leasehold/contract/defined';
import type { Environment } from '@leasehold/definitions';
import { agentArn, brokerRoleArn, roleArn } from '@leasehold/documents';
import * as z from 'zod';
import { TrailError } from '../error';
import { PROBLEM_KINDS, type ProblemLog } from '../read/problem';
import { SOURCE_KINDS } from '../read/unit';
import type { Coverage } from './coverage';
import type { SeenEvents } from './seen';
import type { DenialTally, LeaseTally, RoleTally } from './tally';

/** The state with which a later run continues. */
export interface EarlierRun {
  readonly roles: ReadonlyMap<string, RoleTally>;
  readonly coverage: ReadonlyMap<string, Coverage>;
  /** The problems at each place, with the number of occurrences of each problem. */
  readonly problems: ReturnType<ProblemLog['entries']>;
  /** The fingerprint of each unit that was read, by the unit's location. */
  readonly done: ReadonlyMap<string, string>;
  readonly seen: Iterable<number>;
}

type ToKeep = Omit<EarlierRun, 'seen' | 'problems'> & { readonly seen: SeenEvents; readonly problems: ProblemLog };

/** Seconds between two writes of the file. */
const PAUSE = 5;

export class StateFile {
  readonly #path: string;
  readonly #run: string;
  #kept = 0;

  /**
   * @param path the state file, which is created if it does not exist
   * @param environments the definitions on which the counts depend
   * @param window the time window of the run, as specified by the user
   * @param version the version of Leasehold, because another version may count in another way
   */
  constructor(path: string, environments: readonly Environment[], window: string, version: string) {
    this.#path = path;
    const facts = environments.map((environment) => [
      environment.name,
      environment.account,
      environment.agents.map((agent) => agentArn(agent, environment)),
      environment.broker === undefined ? '' : brokerRoleArn(environment),
      environment.roles.map((role) => [roleArn(role, environment), role.allow]),
    ]);
    this.#run = createHash('sha256')
      .update(JSON.stringify([VERSION, version, window, facts]))
      .digest('hex');
  }

  /** The state of an earlier run; `undefined` if the file does not exist. @throws {TrailError} */
  load(): EarlierRun | undefined {
    let text: string;
    try {
      text = readFileSync(this.#path, 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw this.#unusable('cannot be read', cause);
    }
    let found: z.infer<typeof stateSchema>;
    try {
      found = stateSchema.parse(JSON.parse(text));
    } catch (cause) {
      throw this.#unusable('is damaged, or is not a state file', cause);
    }
    if (found.run !== this.#run) {
      throw this.#unusable('belongs to a run with other definitions, another window or another version');
    }
    return {
      ...found,
      roles: new Map(found.roles.map(([key, role]) => [key, roleFrom(role)])),
      coverage: new Map(found.coverage.map(([account, each]) => [account, coverageFrom(each)])),
      done: new Map(found.done),
    };
  }

  /** Writes the file, but no more often than once every few seconds. @throws {TrailError} */
  keep(run: ToKeep, when: 'soon' | 'now' = 'soon'): void {
    const now = Date.now();
    if (when === 'soon' && now - this.#kept < PAUSE * 1000) return;
    this.#kept = now;
    const state: z.input<typeof stateSchema> = {
      version: VERSION,
      run: this.#run,
      roles: [...run.roles].map(([key, role]) => [key, roleTo(role)]),
      coverage: [...run.coverage].map(([account, each]) => [account, coverageTo(each)]),
      problems: run.problems.entries(),
      done: [...run.done],
      seen: [...run.seen.fingerprints()],
    };
    const temporary = `${this.#path}.${randomUUID()}.part`;
    try {
      // Fails if the file exists, so that a link with this name is not followed.
      writeFileSync(temporary, JSON.stringify(state), { flag: 'wx', mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch (cause) {
      rmSync(temporary, { force: true });
      throw this.#unusable('cannot be written', cause);
    }
  }

  #unusable(why: string, cause?: unknown): TrailError {
    return new TrailError(
      {
        code: 'unusable-state',
        message: `${this.#path} ${why}`,
        hint: 'Specify another file, or delete this file to start again.',
      },
      { cause },
    );
  }
}

const VERSION = 1;
const number = z.number();
const text = z.string();
const use = z.strictObject({ calls: number, first: number, last: number });
const uses = z.array(z.tuple([text, use]));
const texts = z.array(text);
const pairs = z.array(z.tuple([text, text]));

const leaseSchema = z.strictObject({
  granted: z.boolean(),
  requestedAt: number.exactOptional(),
  reason: text.exactOptional(),
  sourceIdentity: text.exactOptional(),
  tags: pairs,
  actions: uses,
  calls: number,
  denied: number,
});
const denialSchema = z.strictObject({
  ...use.shape,
  action: text.exactOptional(),
  event: text,
  resource: text.exactOptional(),
  how: z.enum(['explicit', 'implicit']).exactOptional(),
  leases: texts,
});
const roleSchema = z.strictObject({
  granted: number,
  refused: number,
  calls: number,
  denied: number,
  unclear: number,
  otherSessions: number,
  actions: uses,
  perhaps: pairs,
  entries: uses,
  perhapsEntries: texts,
  samples: z.array(z.tuple([text, texts])),
  denials: z.array(z.tuple([text, denialSchema])),
  unmapped: uses,
  outside: uses,
  leases: z.array(z.tuple([text, leaseSchema])),
  overflowed: z.boolean(),
});
const coverageSchema = z.strictObject({
  records: number,
  bytes: number,
  ours: number,
  foreign: number,
  repeated: number,
  first: number.exactOptional(),
  last: number.exactOptional(),
  kinds: z.array(z.enum(SOURCE_KINDS)),
  regions: texts,
  days: z.array(number),
  trailRegions: texts,
  eventSources: texts,
  reads: z.boolean(),
  writes: z.boolean(),
  listed: z.boolean(),
});
const stateSchema = z.strictObject({
  version: z.literal(VERSION),
  run: text,
  roles: z.array(z.tuple([text, roleSchema])),
  coverage: z.array(z.tuple([text, coverageSchema])),
  problems: z.array(z.tuple([text, z.array(z.tuple([z.enum(PROBLEM_KINDS), number]))])),
  done: pairs,
  seen: z.array(number),
});

function roleTo(role: RoleTally): z.input<typeof roleSchema> {
  return {
    ...role,
    actions: [...role.actions],
    perhaps: [...role.perhaps],
    entries: [...role.entries],
    perhapsEntries: [...role.perhapsEntries],
    samples: [...role.samples].map(([key, each]) => [key, [...each]]),
    denials: [...role.denials].map(([key, denial]) => [key, denialTo(denial)]),
    unmapped: [...role.unmapped],
    outside: [...role.outside],
    leases: [...role.leases].map(([id, lease]) => [
      id,
      { ...lease, tags: [...lease.tags], actions: [...lease.actions] },
    ]),
  };
}

function roleFrom(role: z.infer<typeof roleSchema>): RoleTally {
  return {
    ...role,
    actions: new Map(role.actions),
    perhaps: new Map(role.perhaps),
    entries: new Map(role.entries),
    perhapsEntries: new Set(role.perhapsEntries),
    samples: new Map(role.samples.map(([key, each]) => [key, new Set(each)])),
    denials: new Map(
      role.denials.map(([key, { action, resource, how, leases, ...denial }]): [string, DenialTally] => [
        key,
        { ...denial, action, resource, how, leases: new Set(leases) },
      ]),
    ),
    unmapped: new Map(role.unmapped),
    outside: new Map(role.outside),
    leases: new Map(
      role.leases.map(([id, lease]): [string, LeaseTally] => [
        id,
        { ...lease, tags: new Map(lease.tags), actions: new Map(lease.actions) },
      ]),
    ),
  };
}

const COVERAGE_SETS = ['kinds', 'regions', 'days', 'trailRegions', 'eventSources'] as const;

/** The queries are not stored, because each run reads their text again. It can contain names that no event contains. */
function coverageTo({ lakeQueries: _, ...coverage }: Coverage): z.input<typeof coverageSchema> {
  const lists = COVERAGE_SETS.map((name) => [name, [...coverage[name]]]);
  return { ...coverage, ...Object.fromEntries(lists) } as z.input<typeof coverageSchema>;
}

function coverageFrom(coverage: z.infer<typeof coverageSchema>): Coverage {
  const sets = COVERAGE_SETS.map((name) => [name, new Set<unknown>(coverage[name])]);
  return { ...coverage, ...Object.fromEntries(sets), lakeQueries: new Set() } as unknown as Coverage;
}

function denialTo({
  leases,
  action,
  resource,
  how,
  event,
  calls,
  first,
  last,
}: DenialTally): z.input<typeof denialSchema> {
  return { event, calls, first, last, leases: [...leases], ...defined({ action, resource, how }) };
}
