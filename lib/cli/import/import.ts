/**
 * Converts IAM policies into roles in YAML, proves that the roles permit no more than the policies, and reports the
 * parts that cannot be imported.
 */
import { append } from '@leasehold/contract/any-length';
import { defined } from '@leasehold/contract/defined';
import { listInWords } from '@leasehold/contract/text';
import type { Finding } from '@leasehold/definitions';
import { type Catalogue, loadWholeCatalogue, many, type PolicyDocument } from '@leasehold/policy';
import type { Refusal } from './actions';
import { withDenies } from './denies';
import { lose } from './import-report';
import type { DraftRole, Idle, ImportSource, Loss, Tale } from './model';
import { proposals } from './proposals';
import { proveRole } from './prove';
import { draftRoles, type Grouping, merged } from './roles';
import { type SettleOptions, settle } from './settle';
import { variablesOf } from './stand-in';
import { type ReadOptions, readStatements, type SourceRead, usesOldVariables } from './units';
import { type WriteOptions, writeRoles } from './write';

export interface ImportOptions
  extends ReadOptions,
    Pick<WriteOptions, 'gate' | 'head'>,
    Pick<Grouping, 'split' | 'taken'> {
  /** `YYYY-MM-DD`. */
  readonly today: string;
}

/** The result of an import. */
export interface Imported {
  /** The roles, one YAML document for each role. Empty if nothing can be imported. */
  readonly yaml: string;
  readonly roles: readonly DraftRole[];
  /** Variables of the environment that the roles need, sorted. */
  readonly variables: readonly string[];
  /** Suggestions for parameters that would narrow each lease. */
  readonly proposals: readonly string[];
  /** Parts of the source that cannot be imported. */
  readonly lost: readonly Loss[];
  /** Sentences that describe how the roles permit less than the source. */
  readonly narrower: readonly string[];
  /** Actions and resources that the source mentions but does not permit. */
  readonly dead: readonly Idle[];
  /** Findings of `validate` that the import could not fix. */
  readonly left: readonly Finding[];
}

/**
 * Maximum number of proof rounds for one role. If a round removes permissions, the remaining permissions are checked in
 * another round. If the proof still fails in the last round, the whole role is removed.
 */
const MOST_PROOFS = 3;
/** Days until a waiver in an imported role expires. A person must still write the waiver's reason. */
const WAIVED_DAYS = 90;

/**
 * Imports policies. `compare` proves that every written role permits no more than its source. Parts for which there
 * is no proof are reported as lost.
 */
export async function importPolicies(sources: readonly ImportSource[], options: ImportOptions): Promise<Imported> {
  const catalogue = await loadWholeCatalogue();
  const tale: Tale = { lost: [], narrower: new Set(), dead: [] };
  const used = new Set<string>();
  const taken = (name: string) => used.has(name) || options.taken(name);
  const patterns = new Set<string>();
  const drafts = sources.flatMap((source) => {
    const { units, denies } = readSource(source, options, catalogue, tale);
    for (const unit of units) for (const pattern of unit.patterns) patterns.add(pattern);
    if (source.documents.every(allowsNothing)) lose(tale, [`everything of ${source.name}`], ALLOWS_NOTHING);
    const grouping = { name: source.name, split: options.split, taken };
    const found = draftRoles(units, grouping, catalogue, tale).map((role) =>
      withDenies(role, denies, options.home, catalogue),
    );
    for (const { name } of found) used.add(name);
    return found;
  });
  const writing = { gate: options.gate, until: dayAfter(options.today, WAIVED_DAYS), home: options.home };
  const settling = { ...writing, today: options.today, catalogue, taken };
  const roles: DraftRole[] = [];
  const left: Finding[] = [];
  for (const draft of drafts) {
    const source = sources.find(({ name }) => name === draft.source);
    const found = source && (await provenRoles(draft, source, settling, tale));
    for (const role of found?.roles ?? []) {
      used.add(role.name);
      roles.push(role);
    }
    append(left, found?.left ?? []);
  }
  const notes = (role: string, statement: number) =>
    proposals(roles.find(({ name }) => name === role)?.allow[statement]);
  return {
    yaml: writeRoles(roles, { ...writing, notes, ...defined({ head: options.head }) }).text,
    roles,
    variables: variablesOf(roles),
    proposals: roles.flatMap(({ name, allow }) =>
      allow.flatMap((each) => proposals(each).map((text) => `${name}: ${text}`)),
    ),
    lost: tale.lost,
    narrower: [...writtenOut(patterns, roles), ...tale.narrower],
    dead: tale.dead,
    left,
  };
}

function readSource(source: ImportSource, options: ImportOptions, catalogue: Catalogue, tale: Tale): SourceRead {
  const documents = source.documents.filter((document) => {
    if (!usesOldVariables(document)) return true;
    lose(tale, [`a policy of ${source.name}`], OLD_VARIABLES);
    return false;
  });
  return readStatements({ ...source, documents }, options, catalogue, tale);
}

function allowsNothing({ Statement }: PolicyDocument): boolean {
  return many(Statement).every(({ Effect }) => Effect === 'Deny');
}

const ALLOWS_NOTHING: Refusal = {
  why: 'The policy contains only denials, so a role that is imported from it would permit nothing.',
  instead: 'Import it together with the policies that allow, for example with `--role-arn`.',
};

const OLD_VARIABLES: Refusal = {
  why: 'It is of version 2008-10-17, in which `${…}` is plain text, and in a role it would be a variable.',
  instead: 'Write `"Version": "2012-10-17"` if variables are meant, and import it again.',
};

/**
 * Patterns of the source that the roles do not contain. If AWS adds actions that match these patterns, the roles will
 * not permit the new actions.
 */
function writtenOut(patterns: Iterable<string>, roles: readonly DraftRole[]): readonly string[] {
  const kept = new Set(roles.flatMap(({ allow }) => allow.flatMap(({ actions }) => actions)));
  const out = [...patterns].filter((pattern) => !kept.has(pattern)).map((pattern) => `\`${pattern}\``);
  return out.length === 0 || roles.length === 0
    ? []
    : [
        `${listInWords(out, { most: 4 })} ${out.length === 1 ? 'is' : 'are'} written out action by action: what AWS adds later is in no role.`,
      ];
}

interface Found {
  readonly roles: readonly DraftRole[];
  readonly left: readonly Finding[];
}

/**
 * The roles of a draft that `validate` accepts and that are proven to permit no more than the source. If the proof
 * removes permissions from a role, the role is checked again.
 */
async function provenRoles(
  draft: DraftRole,
  source: ImportSource,
  settling: SettleOptions,
  tale: Tale,
  proofs = MOST_PROOFS,
): Promise<Found> {
  const { roles, deployed, left } = await settle(draft, settling, tale);
  const found: Found[] = [{ roles: [], left }];
  for (const role of roles) {
    const as = deployed?.find(({ name }) => name === role.name);
    if (as === undefined || proofs === 0) {
      lose(tale, [`the role ${role.name}`], NOT_PROVEN);
      continue;
    }
    const proof = proveRole(role, as, source, settling.catalogue, tale);
    if (!proof.changed) found.push({ roles: [role], left: [] });
    else {
      const rest = { ...role, allow: merged(proof.role.allow) };
      found.push(await provenRoles(rest, source, settling, tale, proofs - 1));
    }
  }
  return { roles: found.flatMap((each) => each.roles), left: found.flatMap((each) => each.left) };
}

const NOT_PROVEN: Refusal = {
  why: 'The imported role cannot be loaded as a definition, so nothing about the role can be proven.',
  instead: 'Write the role by hand from the statements of the source.',
};

function dayAfter(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}
