import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defined } from '@leasehold/contract/defined';
import { type Catalogue, loadWholeCatalogue } from '@leasehold/policy';
import { compare, type Permissions } from '../../lib/policy/compare/compare';
import type { CompareOptions } from '../../lib/policy/compare/options';
import type { PolicyDocument, Statement } from '../../lib/policy/document';
import { evaluate } from '../../lib/policy/evaluate/evaluate';
import { type PolicyDocuments, prepare } from '../../lib/policy/evaluate/policies';

/** Statements of one document of the newer version; or a whole document; or lists of statements by place. */
type Written = readonly Statement[] | PolicyDocument | Layers;

/** Statements by the place of their document. */
interface Layers {
  readonly identity?: readonly Statement[];
  /** Several documents that are attached together. */
  readonly identities?: readonly (readonly Statement[])[];
  readonly boundary?: readonly Statement[];
  readonly session?: readonly Statement[];
  readonly scps?: readonly (readonly Statement[])[];
  readonly rcps?: readonly (readonly Statement[])[];
  readonly trust?: readonly Statement[];
  readonly resource?: readonly Statement[];
}

interface Case {
  readonly name: string;
  readonly why: string;
  /** The AWS page that states the rule, where it is AWS's. */
  readonly source?: string;
  readonly before: Written;
  readonly after: Written;
  readonly options?: Pick<CompareOptions, 'given' | 'newActions' | 'resourcePolicies'>;
  readonly expect: 'not-widened' | 'widened' | 'unknown';
  /** What the witness must say, at least. */
  readonly witness?: Readonly<Record<string, unknown>>;
}

const FOLDER = join(__dirname, '../cases/policy/compare');
const FILES = readdirSync(FOLDER).map((file) => ({
  file,
  cases: JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as readonly Case[],
}));

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await loadWholeCatalogue();
});

test('there are at least 80 cases, each with a name of its own', () => {
  const names = FILES.flatMap(({ file, cases }) => cases.map(({ name }) => `${file}: ${name}`));
  expect(names.length).toBeGreaterThanOrEqual(80);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(FILES)('$file', ({ cases }) => {
  test.each(cases)('$name: $expect', ({ before, after, options, expect: expected, witness }) => {
    const [earlier, later] = [toPermissions(before), toPermissions(after)];
    const comparison = compare(earlier, later, { catalogue, ...options });
    expect(comparison).toMatchObject({ kind: expected });
    if (comparison.kind === 'unknown') expect(comparison.reason).not.toBe('');
    if (comparison.kind !== 'widened') return;
    expect(comparison.witness).toMatchObject(witness ?? {});
    const outcomeOf = (documents: PolicyDocuments) =>
      evaluate(comparison.witness, prepare({ ...documents, ...comparison.beside })).outcome;
    expect(outcomeOf(later)).toBe('allowed');
    expect(outcomeOf(earlier)).not.toBe('allowed');
  });
});

function toPermissions(written: Written): PolicyDocuments & Permissions {
  if (Array.isArray(written)) return { identity: [toDocument(written)] };
  if ('Statement' in written) return { identity: [written as PolicyDocument] };
  const { identity, identities, session, boundary, trust, resource, scps, rcps, ...others } = written as Layers;
  expect(others).toEqual({});
  const own = identities ?? (identity === undefined ? undefined : [identity]);
  return defined({
    identity: own?.map(toDocument),
    boundary: boundary && toDocument(boundary),
    session: session && [toDocument(session)],
    scps: scps?.map((level) => [toDocument(level)]),
    rcps: rcps?.map((level) => [toDocument(level)]),
    trust: trust && toDocument(trust),
    resource: resource && toDocument(resource),
  });
}

function toDocument(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}
