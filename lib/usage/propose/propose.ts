/**
 * Proposes narrower roles as changes of the YAML files. For each change, there is a proof that the new permissions are
 * a subset of the old permissions, and a check that the change causes no new guardrail error and leaves the rest of the
 * definitions unchanged.
 */
import { type Definitions, type Finding, loadDefinitions, type Role, type SourceRange } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { type Catalogue, insideEnvelope, loadCatalogueFor } from '@leasehold/policy';
import { actionsOf } from '../gather';
import type { RoleUsage } from '../report/usage';
import { unifiedDiff } from './diff';
import { changeItems, type ItemChange, NotEditable, offsetOf } from './edit';
import {
  type Kept,
  placeOf,
  placesOf,
  type Removal,
  type Removals,
  removalsOf,
  type StatementRemoval,
} from './removals';
import { REPAIRS } from './repairs';

/** A file of definitions. */
export interface DefinitionFile {
  /** File name, as in the source positions of the definitions. */
  readonly name: string;
  readonly text: string;
}

export interface ProposeOptions {
  /** All files of the definitions, with the texts from which the definitions were loaded. */
  readonly files: readonly DefinitionFile[];
  /** The date for which waivers are evaluated, `YYYY-MM-DD`. */
  readonly today: string;
}

/** A removal that is not proposed, with the reason. */
export interface RefusedChange {
  readonly at: SourceRange;
  readonly text: string;
  readonly why: string;
}

export interface Proposal {
  /** Files that change. */
  readonly files: readonly {
    readonly name: string;
    readonly before: string;
    readonly after: string;
    readonly diff: string;
  }[];
  readonly removed: readonly Removal[];
  readonly statements: readonly StatementRemoval[];
  readonly kept: readonly Kept[];
  /** Removals that are not proposed, because the proof failed or a guardrail reported an error. */
  readonly refused: readonly RefusedChange[];
  /** Roles without any recorded use, as `environment/role`. Such roles are not changed. */
  readonly idle: readonly string[];
  /** New guardrail findings that the change causes. None of these findings is an error. */
  readonly warnings: readonly Finding[];
  /**
   * Roles that become narrower, as `environment/role`. For each role, there is a proof that the new permissions are a
   * subset of the old permissions.
   */
  readonly proven: readonly string[];
}

/** A change that is tested separately: the removal of one list item or of a whole statement. */
interface Change {
  readonly at: SourceRange;
  readonly text: string;
  readonly by: readonly string[];
}

/** @see Proposal */
export async function propose(
  usage: readonly RoleUsage[],
  definitions: Definitions,
  { files, today }: ProposeOptions,
): Promise<Proposal> {
  // The roles for single calls have no place of their own in the YAML.
  const narrowable = usage.filter(({ of }) => of.role.perCall === undefined && of.role.callOf === undefined);
  const removals = removalsOf(narrowable, definitions);
  const changes: readonly Change[] = [
    ...removals.statements.map(({ at }) => ({ at, text: 'the statement', by: [] })),
    ...removals.items,
  ];
  const catalogue = await loadCatalogueFor(actionsOf(definitions.environments));
  const trial = new Trial(definitions, files, today, catalogue);
  await trial.begin();
  const whole = changes.length === 0 ? undefined : await trial.of(changes);
  const refused: RefusedChange[] = [];
  let accepted = whole?.kind === 'accepted' ? changes : [];
  let outcome = whole?.kind === 'accepted' ? whole : undefined;
  if (whole?.kind === 'refused') {
    // At least one change is not acceptable. Each change is therefore tested together with the changes accepted before.
    for (const change of changes) {
      const found = await trial.of([...accepted, change]);
      if (found.kind === 'refused') refused.push({ at: change.at, text: change.text, why: found.why });
      else {
        accepted = [...accepted, change];
        outcome = found;
      }
    }
  }
  const isAccepted = (each: { readonly at: SourceRange }) => accepted.some(({ at }) => at === each.at);
  return {
    files: (outcome?.files ?? []).map(({ name, before, after }) => ({
      name,
      before,
      after,
      diff: unifiedDiff(name, before, after),
    })),
    removed: removals.items.filter(isAccepted),
    statements: removals.statements.filter(isAccepted),
    kept: removals.kept,
    idle: removals.idle,
    refused,
    warnings: outcome?.findings ?? [],
    proven: outcome?.proven ?? [],
  };
}

export type { Kept, Removal, Removals, StatementRemoval };

interface Accepted {
  readonly kind: 'accepted';
  readonly files: readonly { readonly name: string; readonly before: string; readonly after: string }[];
  /** New findings of guardrails. */
  readonly findings: readonly Finding[];
  readonly proven: readonly string[];
}

type Outcome = Accepted | { readonly kind: 'refused'; readonly why: string; readonly findings: readonly Finding[] };

class Trial {
  readonly #definitions: Definitions;
  readonly #files: readonly DefinitionFile[];
  readonly #today: string;
  readonly #catalogue: Catalogue;
  #known = new Map<string, number>();
  /** Whether the files contain, at the positions of the definitions, what the definitions contain. */
  #agree = false;

  constructor(definitions: Definitions, files: readonly DefinitionFile[], today: string, catalogue: Catalogue) {
    this.#definitions = definitions;
    this.#files = files;
    this.#today = today;
    this.#catalogue = catalogue;
  }

  /** Records the findings for the unchanged definitions, and checks that the files are those of the definitions. */
  async begin(): Promise<void> {
    const { definitions } = loadDefinitions([], { texts: this.#files });
    this.#agree = definitions !== undefined && placed(definitions) === placed(this.#definitions);
    const { findings } = await checkDefinitions(this.#definitions, { today: this.#today });
    this.#known = counted(findings);
  }

  async of(changes: readonly Change[]): Promise<Outcome> {
    if (!this.#agree) return { kind: 'refused', why: 'the files were changed after they were read', findings: [] };
    let texts: Map<string, string>;
    try {
      texts = this.#edited(changes);
    } catch (error) {
      if (!(error instanceof NotEditable)) throw error;
      return { kind: 'refused', why: `it cannot be edited: ${error.message}`, findings: [] };
    }
    let outcome = await this.#judged(texts);
    for (const repair of REPAIRS) {
      const repaired = repair(texts, outcome.findings);
      if (repaired === undefined) continue;
      const better = await this.#judged(repaired);
      if (better.kind === 'refused') continue;
      if (outcome.kind === 'refused' || better.findings.length < outcome.findings.length) {
        outcome = better;
        texts = repaired;
      }
    }
    return outcome;
  }

  #edited(changes: readonly Change[]): Map<string, string> {
    const texts = new Map(this.#files.map(({ name, text }) => [name, text]));
    for (const name of new Set(changes.map(({ at }) => at.file))) {
      const text = texts.get(name);
      if (text === undefined) throw new NotEditable(`${name} was not read`);
      const items: ItemChange[] = changes
        .filter(({ at }) => at.file === name)
        .map(({ at, by }) => ({ offset: offsetOf(text, at), by }));
      texts.set(name, changeItems(text, items));
    }
    return texts;
  }

  async #judged(texts: ReadonlyMap<string, string>): Promise<Outcome> {
    const { definitions, findings } = loadDefinitions([], {
      texts: [...texts].map(([name, text]) => ({ name, text })),
    });
    const problem = findings.find(({ severity }) => severity === 'error');
    if (definitions === undefined || problem !== undefined) {
      const why = problem?.message ?? 'the definitions could not be read afterwards';
      return { kind: 'refused', why, findings: [] };
    }
    const proof = this.#proven(definitions);
    if ('why' in proof) return { kind: 'refused', why: proof.why, findings: [] };
    const checked = await checkDefinitions(definitions, { today: this.#today });
    const fresh = newFindings(checked.findings, this.#known);
    const error = fresh.find(({ severity }) => severity === 'error');
    if (error !== undefined) return { kind: 'refused', why: `${error.id}: ${error.message}`, findings: fresh };
    return {
      kind: 'accepted',
      findings: fresh,
      proven: proof.proven,
      files: this.#files.flatMap(({ name, text }) => {
        const after = texts.get(name) ?? text;
        return after === text ? [] : [{ name, before: text, after }];
      }),
    };
  }

  /**
   * Proves that the new permissions of every role are a subset of the old ones, and that only permissions have changed.
   */
  #proven(after: Definitions): { readonly proven: readonly string[] } | { readonly why: string } {
    if (frame(after) !== frame(this.#definitions)) return { why: 'something other than permissions would change' };
    const proven: string[] = [];
    for (const [index, environment] of this.#definitions.environments.entries()) {
      for (const [number, role] of environment.roles.entries()) {
        const narrower = after.environments[index]?.roles[number];
        if (narrower === undefined) return { why: `${role.name} would disappear` };
        if (JSON.stringify(narrower.allow) === JSON.stringify(role.allow)) {
          if (justification(narrower) === justification(role)) continue;
          return { why: `the sensitive reads or the access of ${role.name} would change, and not its permissions` };
        }
        const found = insideEnvelope(permissions(narrower), permissions(role), { catalogue: this.#catalogue });
        if (found.kind !== 'inside') {
          return {
            why: found.kind === 'outside' ? found.sentence : `it is not proven to be narrower: ${found.reason}`,
          };
        }
        proven.push(`${environment.name}/${role.name}`);
      }
    }
    return { proven };
  }
}

/** What a repair may change in a role, but only in a role that becomes narrower. */
function justification({ sensitive, access }: Role): string {
  return JSON.stringify([sensitive, access]);
}

/** The definitions as JSON, without the fields that a proposal may change and without source positions. */
function frame(definitions: Definitions): string {
  const roles = (role: Role) => ({ ...role, allow: undefined, sensitive: undefined, access: undefined });
  return json(definitions.environments.map((environment) => ({ ...environment, roles: environment.roles.map(roles) })));
}

/** The definitions as JSON, with the source position of each value that a proposal may change. */
function placed(definitions: Definitions): string {
  const places = definitions.environments.flatMap(({ roles }) =>
    roles.flatMap((role) => [...role.allow.map((_, index) => role.locate(['allow', index])), ...placesOf(role)]),
  );
  return json([definitions.environments, places.map(placeOf)]);
}

function json(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'function' ? undefined : each));
}

function counted(findings: readonly Finding[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const finding of findings) counts.set(keyOf(finding), (counts.get(keyOf(finding)) ?? 0) + 1);
  return counts;
}

/** A finding is identified by its text, not by its line, because a change moves lines. */
function keyOf({ id, message, at, environment }: Finding): string {
  return JSON.stringify([id, message, at.file, environment]);
}

function newFindings(findings: readonly Finding[], known: ReadonlyMap<string, number>): readonly Finding[] {
  const left = new Map(known);
  return findings.filter((finding) => {
    const count = left.get(keyOf(finding)) ?? 0;
    left.set(keyOf(finding), count - 1);
    return count <= 0;
  });
}
