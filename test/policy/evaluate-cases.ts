/** Reads the decision tables under test/cases/policy; their form is described in the README there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, PolicyDocuments, Principal, Request } from '@leasehold/policy';

/** A case, with everything its file leaves to defaults filled in. */
export interface Case {
  readonly name: string;
  /** AWS page or rule that the case states. */
  readonly source: string;
  readonly request: Request;
  readonly documents: PolicyDocuments;
  readonly expect: Expectation;
}

export type Expectation =
  | { readonly error: string; readonly path: string }
  | {
      readonly outcome: Outcome;
      /** What `by` has to hold at least, for example `{ "kind": "scp", "level": 1 }`. */
      readonly by?: object;
      readonly delegatedBy?: object;
      /** Kinds of the policies that had to allow and did not. */
      readonly lacking?: readonly string[];
      /** Id of the service rule that decided. */
      readonly rule?: string;
    };

export interface Table {
  readonly concept: string;
  readonly topic: string;
  readonly rule: string;
  readonly cases: readonly Case[];
}

/** The tables of `evaluate`; those of `compare` have a form and a runner of their own. */
export function loadTables(): readonly Table[] {
  return readdirSync(ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'compare')
    .flatMap((entry) => readdirSync(join(ROOT, entry.name)).map((file) => loadTable(entry.name, file)))
    .sort((left, right) => `${left.concept}/${left.topic}`.localeCompare(`${right.concept}/${right.topic}`));
}

const ROOT = join(__dirname, '../cases/policy');

interface RawPart {
  readonly request?: Partial<Omit<Request, 'principal'>> & { readonly principal?: string | Principal };
  readonly policies?: Readonly<Record<string, unknown>>;
}

interface RawTable {
  readonly rule: string;
  readonly source: string;
  readonly verbatim?: boolean;
  readonly given?: RawPart;
  readonly cases: readonly (RawPart & {
    readonly name: string;
    readonly source?: string;
    readonly expect: Outcome | Expectation;
  })[];
}

function loadTable(concept: string, file: string): Table {
  const raw = JSON.parse(readFileSync(join(ROOT, concept, file), 'utf8')) as RawTable;
  const given = raw.given ?? {};
  const cases = raw.cases.map((one) => {
    const request = { ...DEFAULTS, ...given.request, ...one.request };
    const all = Object.entries({ ...given.policies, ...one.policies });
    const documents = Object.fromEntries(all.filter(([, policy]) => policy !== null));
    return {
      name: one.name,
      source: one.source ?? raw.source,
      request: { ...request, principal: toPrincipal(request.principal) },
      documents: raw.verbatim === true ? documents : wrapped(documents),
      expect: typeof one.expect === 'string' ? { outcome: one.expect } : one.expect,
    };
  });
  return { concept, topic: file.replace(/\.json$/, ''), rule: raw.rule, cases };
}

const DEFAULTS = {
  action: 's3:GetObject',
  resource: 'arn:aws:s3:::reports/2026/november.csv',
  principal: 'arn:aws:iam::111122223333:user/alice',
  context: {},
};

/** Principals are written as they are spoken of: see the README. */
function toPrincipal(text: string | Principal): Principal {
  if (typeof text !== 'string') return text;
  const [, sessionName, roleArn] = /^session (\S+) of (\S+)$/.exec(text) ?? [];
  if (sessionName !== undefined && roleArn !== undefined) return { kind: 'session', sessionName, roleArn };
  const [, provider] = /^a token of (\S+)$/.exec(text) ?? [];
  if (provider !== undefined) return { kind: provider.includes(':saml-provider/') ? 'saml' : 'web-identity', provider };
  const [, account] = /^the root user of (\d+)$/.exec(text) ?? [];
  if (account !== undefined) return { kind: 'root', account };
  if (text === 'anonymous') return { kind: 'anonymous' };
  return text.startsWith('arn:') ? { kind: 'user', arn: text } : { kind: 'service', name: text };
}

/** A policy that is written as its statements alone is one of version 2012-10-17. */
function wrapped(value: unknown): PolicyDocuments {
  const policies = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(policies).map(([kind, policy]) => [kind, wrap(policy, DEPTHS[kind] ?? 0)]));
}

/** How many lists stand around a policy of the kind. */
const DEPTHS: Readonly<Record<string, number>> = { identity: 1, session: 1, scopeDown: 1, scps: 2, rcps: 2 };

function wrap(value: unknown, depth: number): unknown {
  if (depth > 0) return (value as unknown[]).map((item) => wrap(item, depth - 1));
  const whole = typeof value === 'object' && value !== null && 'Statement' in value;
  return whole ? value : { Version: '2012-10-17', Statement: value };
}
