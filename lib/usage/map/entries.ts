/**
 * Finds the entries of a role's definition that a call used. An entry is one action pattern or one resource of a
 * statement.
 */
import type { Role } from '@leasehold/definitions';
import { deployedTemplate } from '@leasehold/documents';
import {
  type Catalogue,
  compileActionPattern,
  type GlobMatcher,
  Memory,
  overlaps,
  resourcePattern,
} from '@leasehold/policy';

/** The position of one entry in a role: `allow[statement].actions[index]` or `allow[statement].resources[index]`. */
export interface EntryPlace {
  readonly statement: number;
  readonly list: 'actions' | 'resources';
  readonly index: number;
}

/** A place as a text, for a key. */
export function placeKey({ statement, list, index }: EntryPlace): string {
  return `${statement}.${list}.${index}`;
}

/** The entries of a role's definition that one call used. */
export interface UsedEntries {
  readonly entries: readonly EntryPlace[];
  /**
   * Entries that the call may have used. Empty unless the resource of the call is unknown or could not be interpreted.
   */
  readonly perhaps: readonly EntryPlace[];
}

interface CompiledStatement {
  readonly actions: readonly GlobMatcher[];
  readonly resources: readonly ReturnType<typeof resourcePattern>[];
}

/** Matches calls against the entries of a role. A policy variable matches any value, so that no call is missed. */
export class RoleEntries {
  readonly #statements: readonly CompiledStatement[];
  readonly #known = new Memory<UsedEntries>(5000);

  constructor({ allow }: Pick<Role, 'allow'>) {
    this.#statements = allow.map(({ actions, resources }) => ({
      actions: actions.map((pattern) => compileActionPattern(pattern)),
      resources: resources.map((each) => resourcePattern(deployedTemplate(each))),
    }));
  }

  /** Whether a statement contains the action. */
  hasAction(action: string): boolean {
    return this.#statements.some(({ actions }) => actions.some((matches) => matches(action)));
  }

  /**
   * The entries for an action on a resource. If the call succeeded but no resource of a matching statement fits, the
   * resource in the event was not understood. Then every resource of the matching statements counts as perhaps used.
   * @param resource `undefined` if the resource is unknown
   */
  of(action: string, resource: string | undefined): UsedEntries {
    return this.#known.get(`${action} ${resource ?? ''}`, () => this.#find(action, resource));
  }

  #find(action: string, resource: string | undefined): UsedEntries {
    const literal = resource === undefined ? undefined : resourcePattern(resource);
    const matching = this.#statements.flatMap(({ actions, resources }, statement) => {
      const found = actions.flatMap((matches, index) =>
        matches(action) ? [{ statement, list: 'actions' as const, index }] : [],
      );
      const on = resources.flatMap((pattern, index) =>
        literal !== undefined && overlaps(pattern, literal) ? [{ statement, list: 'resources' as const, index }] : [],
      );
      const all = resources.map((_, index) => ({ statement, list: 'resources' as const, index }));
      return found.length === 0 ? [] : [{ actions: found, on, all }];
    });
    const fitting = matching.filter(({ on }) => on.length > 0);
    if (fitting.length > 0) {
      return { entries: fitting.flatMap(({ actions, on }) => [...actions, ...on]), perhaps: [] };
    }
    return {
      entries: matching.flatMap(({ actions }) => actions),
      perhaps: matching.flatMap(({ all }) => all),
    };
  }
}

/** Whether an action accepts a resource. The results are cached. */
export function acceptance(catalogue: Catalogue): (action: string, arn: string) => boolean {
  const known = new Memory<boolean>(20_000);
  return (action, arn) =>
    known.get(`${action} ${arn}`, () => {
      const info = catalogue.action(action);
      return info?.scopable === true && catalogue.acceptsResource(info, arn);
    });
}
