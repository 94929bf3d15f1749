/**
 * Whether a trust policy or a resource's policy may grant to a principal. The policy engine decides who matches. What is
 * unknown here counts as fulfilled in an allow and as not fulfilled in a deny, so a grant is never overlooked.
 */
import {
  type ConditionBlock,
  type Context,
  evaluate,
  foldAscii,
  isDerivedKey,
  many,
  type Policies,
  type PolicyDocument,
  type PolicyDocuments,
  PolicyError,
  type Principal,
  parseArn,
  prepare,
  type Statement,
} from '@leasehold/policy';
import type { LiveIdentity } from './authorization';

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

/** A session name for callers whose sessions may have any. */
export const ANY_SESSION = 'lh-doctor';

/** The names of a role's sessions that a statement names. */
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

/** A document that may be unreadable: then it counts as granting. */
export function parsedDocument(text: string): PolicyDocument | undefined {
  try {
    const document = JSON.parse(text) as PolicyDocument;
    prepare({ resource: document });
    return document;
  } catch {
    return undefined;
  }
}

/**
 * The document without the conditions whose keys are unknown for this caller. An allow loses only the condition. A deny
 * with such a condition is dropped.
 */
export function generously(document: PolicyDocument, { context, principal }: KnownCaller): PolicyDocument {
  const known = (key: string) => isKnown(key, context, principal);
  return {
    ...document,
    Statement: many(document.Statement).flatMap((statement): readonly Statement[] => {
      const { Condition, ...rest } = statement;
      if (Condition === undefined) return [statement];
      const keys = Object.values(Condition).flatMap((values) => Object.keys(values));
      if (keys.every(known)) return [statement];
      if (statement.Effect !== 'Allow') return [];
      const kept = keptConditions(Condition, known);
      return [Object.keys(kept).length > 0 ? { ...rest, Condition: kept } : rest];
    }),
  };
}

function keptConditions(condition: ConditionBlock, known: (key: string) => boolean): ConditionBlock {
  return Object.fromEntries(
    Object.entries(condition)
      .map(
        ([operator, keys]) =>
          [operator, Object.fromEntries(Object.entries(keys).filter(([key]) => known(key)))] as const,
      )
      .filter(([, keys]) => Object.keys(keys).length > 0),
  );
}

/** Tags of a user are known, also those that it does not have. A session can have tags of its own. */
function isKnown(key: string, context: Context, principal: Principal): boolean {
  const folded = foldAscii(key);
  if (isDerivedKey(key)) return true;
  if (folded.startsWith('aws:principaltag/')) return principal.kind === 'user';
  return Object.keys(context).some((each) => foldAscii(each) === folded);
}

/** Policies that are ready to be evaluated; `undefined` if the engine rejects a document. */
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

/** The same for documents; `unreadable` if the engine rejects one. */
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
