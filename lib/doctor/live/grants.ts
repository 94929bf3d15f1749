/**
 * Decides, with the policy engine, whether a trust policy or resource policy may grant access to a principal. A
 * condition whose result is unknown counts as met in an Allow statement and as not met in a Deny statement, so that no
 * grant is missed.
 */
import {
  type ConditionBlock,
  type Context,
  evaluate,
  foldAscii,
  isDerivedKey,
  many,
  type OneOrMany,
  type Policies,
  type PolicyDocument,
  type PolicyDocuments,
  PolicyError,
  type Principal,
  parseArn,
  prepare,
  type Statement,
  variablesIn,
} from '@leasehold/policy';
import type { LiveIdentity } from './authorization';
import { documentIn } from './decode';

/** A caller, with the context keys whose values are known for every call. */
export interface KnownCaller {
  readonly principal: Principal;
  readonly context: Context;
}

/** A user or role of the account as a caller. */
export function callerOf({ kind, arn, id, tags }: LiveIdentity): KnownCaller {
  const own = Object.fromEntries([...tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value]));
  return kind === 'user'
    ? { principal: { kind: 'user', arn }, context: { ...own, 'aws:userid': id } }
    : { principal: { kind: 'session', roleArn: arn, sessionName: ANY_SESSION }, context: own };
}

/** A placeholder for the session name of callers who can choose any session name. */
export const ANY_SESSION = 'lh-doctor';

/** The role session names in the principals of a statement. */
export function sessionsNamed(
  { Principal }: Statement,
  { kind, name }: { readonly kind: string; readonly name: string },
): readonly string[] {
  if (kind !== 'role' || Principal === undefined || Principal === '*') return [];
  return many(Principal.AWS).flatMap((text) => {
    const [type, role, session] = parseArn(text)?.resource.split('/') ?? [];
    return type === 'assumed-role' && role === name && session !== undefined ? [session] : [];
  });
}

/**
 * Parses an identity policy or a resource policy; `undefined` if the policy engine rejects the document. Such a
 * document counts as granting access.
 */
export function parsedDocument(text: string, kind: 'identity' | 'resource' = 'resource'): PolicyDocument | undefined {
  const document = documentIn(text);
  return document && prepared(kind === 'identity' ? { identity: [document] } : { resource: document }) && document;
}

/**
 * Rewrites a document so that everything unknown about this caller works in the caller's favor: condition keys and
 * policy variables without a known value. An Allow statement loses the condition, or permits any value of the variable.
 * A Deny statement is dropped as far as it depends on the unknown value.
 */
export function generously(document: PolicyDocument, { context, principal }: KnownCaller): PolicyDocument {
  const known = (key: string) => isKnown(key, context, principal);
  // Policy variables exist only in documents with the version 2012-10-17. The default version is 2008-10-17.
  const unclear = (text: string) => document.Version === '2012-10-17' && variablesIn(text).some((key) => !known(key));
  return {
    ...document,
    Statement: many(document.Statement).flatMap((statement) =>
      statement.Effect === 'Allow' ? generousAllow(statement, known, unclear) : generousDeny(statement, known, unclear),
    ),
  };
}

type Test = (text: string) => boolean;

function generousAllow(statement: Statement, known: Test, unclear: Test): Statement {
  const { Condition, Resource, NotResource, ...rest } = statement;
  const kept = keptConditions(Condition ?? {}, known, unclear);
  const excluded = many(NotResource).filter((text) => !unclear(text));
  return {
    ...rest,
    ...(Resource === undefined ? {} : { Resource: many(Resource).map((text) => widened(text, unclear)) }),
    ...(NotResource === undefined ? {} : excluded.length > 0 ? { NotResource: excluded } : { Resource: '*' }),
    ...(Object.keys(kept).length > 0 ? { Condition: kept } : {}),
  };
}

function generousDeny(statement: Statement, known: Test, unclear: Test): readonly Statement[] {
  const { Condition = {}, Resource, NotResource, ...rest } = statement;
  const conditions = Object.values(Condition).flatMap((values) => Object.entries(values));
  if (!conditions.every((each) => isClear(each, known, unclear))) return [];
  const denied = many(Resource).filter((text) => !unclear(text));
  if (Resource !== undefined && denied.length === 0) return [];
  return [
    {
      ...rest,
      ...(Resource === undefined ? {} : { Resource: denied }),
      ...(NotResource === undefined ? {} : { NotResource: many(NotResource).map((text) => widened(text, unclear)) }),
      ...(conditions.length > 0 ? { Condition } : {}),
    },
  ];
}

/** The text with a wildcard for every unclear variable. */
function widened(text: string, unclear: Test): string {
  return text.replace(/\$\{[^}]*\}/g, (variable) => (unclear(variable) ? '*' : variable));
}

/** Operators whose values can contain wildcards. In these values an unknown variable is replaced with `*`. */
const WITH_WILDCARDS = /^(For(Any|All)Values?:)?(StringLike|ArnLike|ArnEquals)(IfExists)?$/i;

function keptConditions(condition: ConditionBlock, known: Test, unclear: Test): ConditionBlock {
  return Object.fromEntries(
    Object.entries(condition)
      .map(([operator, keys]) => {
        const kept = Object.entries(keys).flatMap(([key, values]) => {
          if (isClear([key, values], known, unclear)) return [[key, values] as const];
          if (!known(key) || !WITH_WILDCARDS.test(operator)) return [];
          return [[key, many(values).map((value) => widened(String(value), unclear))] as const];
        });
        return [operator, Object.fromEntries(kept)] as const;
      })
      .filter(([, keys]) => Object.keys(keys).length > 0),
  );
}

/** Whether the key of a condition and the variables in its values are known. */
function isClear([key, values]: readonly [key: string, values: unknown], known: Test, unclear: Test): boolean {
  return known(key) && !many(values as OneOrMany<unknown>).some((value) => unclear(String(value)));
}

/** For a user all tags are known, including missing ones. A role session can have additional session tags. */
function isKnown(key: string, context: Context, principal: Principal): boolean {
  const folded = foldAscii(key);
  if (isDerivedKey(key)) return true;
  if (folded.startsWith('aws:principaltag/')) return principal.kind === 'user';
  return Object.keys(context).some((each) => foldAscii(each) === folded);
}

/** Prepares policies for evaluation; `undefined` if the policy engine rejects a document. */
export function prepared(documents: PolicyDocuments): Policies | undefined {
  try {
    return prepare(documents);
  } catch (error) {
    if (error instanceof PolicyError) return undefined;
    throw error;
  }
}

/** Whether policies allow a caller an action on a resource. */
export function allows(policies: Policies, action: string, resource: string, caller: KnownCaller): boolean {
  return evaluate({ action, resource, ...caller }, policies).outcome === 'allowed';
}

/** Whether documents grant a request; `unreadable` if the policy engine rejects a document. */
export function grants(
  documents: PolicyDocuments,
  action: string,
  resource: string,
  caller: KnownCaller,
): 'granted' | 'not granted' | 'unreadable' {
  const policies = prepared(documents);
  if (policies === undefined) return 'unreadable';
  return allows(policies, action, resource, caller) ? 'granted' : 'not granted';
}
