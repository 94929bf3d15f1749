/**
 * For each role, summarizes the requests, granted leases, uses and denials, and the entries of the definition that
 * were never used.
 */
import type { SourceRange } from '@leasehold/definitions';
import { deployedTemplate } from '@leasehold/documents';
import { type ActionInfo, compileActionPattern } from '@leasehold/policy';
import type { Gathered } from '../gather';
import { type EntryPlace, placeKey } from '../map/entries';
import { Attributor, type RoleInEnvironment } from '../record/attribution';
import { type DenialTally, emptyRole, type RoleTally } from '../tally/tally';
import type { Use } from '../tally/use';
import { type ClaimOptions, Claims } from './claims';

/** Whether an entry was used. `unknown`: no use was found, but CloudTrail may not have recorded a use. */
export type EntryStatus = 'used' | 'unused' | 'unknown';

/** The usage of one entry of a role, in one environment. */
export interface EntryUsage extends EntryPlace {
  /** The entry as written in the definition, with the variables of the environment resolved. */
  readonly text: string;
  readonly at: SourceRange;
  readonly status: EntryStatus;
  /**
   * The reason why it is unknown whether the entry was used. For an action pattern that was used, the reason why it
   * is unknown whether the pattern's other actions were used.
   */
  readonly why?: string;
  readonly use?: Use;
  /** Number of leases with which the action was used. Present only for actions. */
  readonly leases?: number;
  /** Some of the used resources. */
  readonly samples: readonly string[];
  /**
   * For an action pattern that was used, the actions that were used. Present only if at least one other action of the
   * pattern was not used.
   */
  readonly narrower?: readonly string[];
}

/** The usage of a role in one environment. */
export interface RoleUsage {
  readonly of: RoleInEnvironment;
  readonly tally: RoleTally;
  readonly entries: readonly EntryUsage[];
  /** Why nothing can be reported as unused. */
  readonly nothing: string | undefined;
  readonly denials: readonly DenialTally[];
}

/** The usage of every role of the project, in the order of the definitions. */
export function usageOf(gathered: Gathered, options: ClaimOptions = {}): readonly RoleUsage[] {
  return new Attributor(gathered.environments).roles.map((of) => {
    const tally = gathered.roles.get(of.key) ?? emptyRole();
    const claims = new Claims(of, tally, gathered, options);
    const covered = (pattern: string) => gathered.catalogue.expand(pattern);
    return {
      of,
      tally,
      nothing: claims.nothing,
      entries: of.role.allow.flatMap((allow, statement) => {
        const resources = allow.resources.map(deployedTemplate);
        const infos = allow.actions.flatMap(covered);
        const against = (action: ActionInfo) => claims.against(action, resources);
        return [
          ...allow.actions.map((text, index) =>
            actionUsage({
              of,
              tally,
              text,
              place: { statement, list: 'actions', index },
              covered: covered(text),
              against,
            }),
          ),
          ...allow.resources.map((text, index) => {
            const place = { statement, list: 'resources' as const, index };
            const why =
              infos.length === 0
                ? UNKNOWN_ACTIONS
                : firstOf(infos, (info) => claims.against(info, [deployedTemplate(text)]));
            return resourceUsage({ of, tally, text, place, why });
          }),
        ];
      }),
      denials: [...tally.denials.values()].sort((a, b) => b.calls - a.calls || b.last - a.last),
    };
  });
}

interface Asked {
  readonly of: RoleInEnvironment;
  readonly tally: RoleTally;
  readonly text: string;
  readonly place: EntryPlace;
}

function actionUsage({
  of,
  tally,
  text,
  place,
  covered,
  against,
}: Asked & {
  readonly covered: readonly ActionInfo[];
  readonly against: (action: ActionInfo) => string | undefined;
}): EntryUsage {
  const base = entryBase(of, tally, text, place);
  const matches = compileActionPattern(text);
  const leases = [...tally.leases.values()].filter(({ actions }) => [...actions.keys()].some(matches)).length;
  if (base.use !== undefined) {
    const used = covered.filter(({ id }) => tally.actions.has(id));
    const others = covered.filter(({ id }) => !tally.actions.has(id));
    if (others.length === 0) return { ...base, status: 'used', leases };
    const other = firstOf(others, against);
    return other === undefined
      ? { ...base, status: 'used', leases, narrower: used.map(({ id }) => id) }
      : { ...base, status: 'used', leases, why: `it was used, and of the other actions that it covers: ${other}` };
  }
  const why = covered.length === 0 ? UNKNOWN_ACTIONS : firstOf(covered, against);
  return why === undefined ? { ...base, status: 'unused', leases: 0 } : { ...base, status: 'unknown', why };
}

function resourceUsage({ of, tally, text, place, why }: Asked & { readonly why: string | undefined }): EntryUsage {
  const base = entryBase(of, tally, text, place);
  if (base.use !== undefined) return { ...base, status: 'used' };
  if (tally.perhapsEntries.has(placeKey(place))) return { ...base, status: 'unknown', why: UNKNOWN_RESOURCE };
  return why === undefined ? { ...base, status: 'unused' } : { ...base, status: 'unknown', why };
}

const UNKNOWN_ACTIONS = 'AWS does not list the action';
const UNKNOWN_RESOURCE = 'the resources of some calls are not known';

function entryBase({ role }: RoleInEnvironment, tally: RoleTally, text: string, place: EntryPlace) {
  const key = placeKey(place);
  const use = tally.entries.get(key);
  return {
    ...place,
    text,
    at: role.locate(['allow', place.statement, place.list, place.index]),
    samples: [...(tally.samples.get(key) ?? [])],
    ...(use === undefined ? {} : { use }),
  };
}

function firstOf(
  actions: readonly ActionInfo[],
  against: (action: ActionInfo) => string | undefined,
): string | undefined {
  for (const action of actions) {
    const why = against(action);
    if (why !== undefined) return why;
  }
  return undefined;
}
