/**
 * Renders users, roles and groups as Markdown: what each identity could do before the plan and can do after it, by
 * service and access level.
 */
import type { AccessChange, IdentityReview } from '../review';
import { folded, type Part, type Section } from './fit-comment';
import { code, type Say, table } from './markup';
import { count } from './plan-text';

/**
 * One block per identity: how the identity changed, an example of a new action, a table, and a description of the trust
 * policy.
 */
export function identitySections(identities: readonly IdentityReview[], say: Say): readonly Section[] {
  const parts = identities.map((identity) => part(identity, say));
  const open = parts.slice(0, OPEN);
  const rest = parts.slice(OPEN);
  return [
    { before: '### Who can do what', parts: open },
    folded(count(rest.length, 'more user, role or group', 'more users, roles and groups'), rest),
  ];
}

/** A collapsed section with the complete lists of actions and resources for identities whose table is shortened. */
export function fullListSections(identities: readonly IdentityReview[]): readonly Section[] {
  const parts = identities
    .filter(({ gained, lost }) => [...gained, ...lost].some(isShortened))
    .map((identity) => ({
      rank: 10,
      text: () => fullList(identity),
      noun: 'full list of actions',
      plural: 'full lists of actions',
    }));
  return [folded('Every action and resource that the tables only count', parts)];
}

/** Number of identities that are shown expanded. */
const OPEN = 8;
/** Maximum number of characters per identity. */
const LONGEST = 6_000;
/** Maximum number of actions per cell. For further actions, only their number is shown. */
const ACTIONS = 5;
const RESOURCES = 4;
const ROWS = 12;
/** Maximum number of sentences about trust and other changes. */
const SENTENCES = 12;
/**
 * Maximum number of entries per row of the full list, and maximum number of rows. For further entries and rows, only
 * their number is shown.
 */
const LISTED = 80;
const LISTED_ROWS = 40;

const KINDS = { user: 'User', role: 'Role', group: 'Group' } as const;

function part(identity: IdentityReview, say: Say): Part {
  return {
    rank: rank(identity),
    text: () => block(identity, say),
    noun: 'user, role or group',
    plural: 'users, roles and groups',
  };
}

function block(identity: IdentityReview, say: Say): string {
  const { kind, name, place, gained, lost, trust, other } = identity;
  const top = [
    `#### ${KINDS[kind]} ${code(name)}: ${outcome(identity)}`,
    ...(place === undefined ? [] : [code(place.address)]),
    ...reason(identity, say),
  ];
  const sentences = [
    ...trust.map((text) => ({ label: 'Trust: ', text })),
    ...other.map((text) => ({ label: '', text })),
  ];
  const more = (amount: number) => ({ label: '', text: `${count(amount, 'more change')} in the JSON` });
  const list = shortened(sentences, SENTENCES, more).map(({ label, text }) => `- ${label}${say(text)}`);
  const rows = gained.length + lost.length > 0 ? [accessTable(identity)] : [];
  const whole = [...top, ...rows, ...(list.length === 0 ? [] : [list.join('\n')])].join('\n\n');
  if (whole.length <= LONGEST) return whole;
  // An identity with very long names must not displace other identities.
  const changes = count(gained.length + lost.length + sentences.length, 'change');
  return [...top, `The changes are too large for a comment. The JSON output lists ${changes}.`].join('\n\n');
}

/** The outcome in two or three words, without text of the plan. */
function outcome({ state, permissions }: IdentityReview): string {
  if (state === 'removed') return 'removed';
  const change = {
    same: 'permissions unchanged',
    narrowed: 'narrowed',
    widened: '**widened**',
    unknown: '**unknown, counts as widened**',
  };
  return state === 'new' ? `new${permissions.kind === 'unknown' ? ', **unknown**' : ''}` : change[permissions.kind];
}

function reason({ permissions, state }: IdentityReview, say: Say): readonly string[] {
  if (permissions.kind === 'unknown') return [`Cannot be decided: ${say(permissions.why)}`];
  if (permissions.kind !== 'widened') return [];
  return [`${state === 'new' ? 'Can, among others' : 'Could now'}: ${say(permissions.witness)}`];
}

function rank({ state, permissions, trust }: IdentityReview): number {
  if (state === 'removed') return 40;
  if (permissions.kind === 'widened' || permissions.kind === 'unknown') return state === 'new' ? 75 : 90;
  return trust.length > 0 ? 82 : 55;
}

/** A table with one row per service and access level: gains beside losses. A new or removed identity has one column. */
function accessTable({ state, gained, lost }: IdentityReview): string {
  const rows = new Map<string, { service: string; level: string; gained: string[]; lost: string[] }>();
  for (const [side, changes] of [
    ['gained', gained],
    ['lost', lost],
  ] as const) {
    for (const change of changes) {
      const key = JSON.stringify([change.service, change.level]);
      const row = rows.get(key) ?? { service: change.service, level: change.level, gained: [], lost: [] };
      row[side].push(cell(change));
      rows.set(key, row);
    }
  }
  const sides = sidesOf(state, gained.length, lost.length);
  const cells = [...rows.values()].map((row) => [
    ...(row.service === '*' ? ['every service', 'every level'] : [code(row.service), row.level]),
    ...sides.map(({ side }) => row[side].join('<br>') || 'nothing'),
  ]);
  const more = (amount: number) => [`${count(amount, 'more row')} in the full list`, '', ...sides.map(() => '')];
  return table(['service', 'level', ...sides.map(({ title }) => title)], shortened(cells, ROWS, more));
}

interface Side {
  readonly side: 'gained' | 'lost';
  readonly title: string;
}

/** The columns of the table. An empty column is omitted. */
function sidesOf(state: IdentityReview['state'], gained: number, lost: number): readonly Side[] {
  return [
    ...(gained > 0 ? [{ side: 'gained' as const, title: state === 'new' ? 'can' : 'gained' }] : []),
    ...(lost > 0 ? [{ side: 'lost' as const, title: state === 'removed' ? 'could' : 'lost' }] : []),
  ];
}

function cell({ actions, resources }: AccessChange): string {
  const where = named(resources, RESOURCES);
  return `${named(actions, ACTIONS)}${where === '' ? '' : ` on ${where}`}`;
}

function named(values: readonly string[], most: number): string {
  return shortened(values.map(code), most, (more) => `${more} more`).join(', ');
}

function isShortened({ actions, resources }: AccessChange, index: number): boolean {
  return actions.length > ACTIONS + 1 || resources.length > RESOURCES + 1 || index > ROWS;
}

function fullList({ kind, name, gained, lost }: IdentityReview): string {
  const line =
    (word: string) =>
    ({ service, level, actions, resources }: AccessChange) =>
      `- ${word}, ${code(service)} ${level}: ${named(actions, LISTED)} on ${named(resources, LISTED) || 'nothing named'}`;
  const lines = [...gained.map(line('gained')), ...lost.map(line('lost'))];
  const body = shortened(lines, LISTED_ROWS, (more) => `- ${count(more, 'more row')} in the JSON`);
  return [`${KINDS[kind]} ${code(name)}`, body.join('\n')].join('\n\n');
}

/** The first entries of a list, and one more entry that counts the rest. */
function shortened<T>(list: readonly T[], most: number, more: (amount: number) => T): readonly T[] {
  return list.length <= most + 1 ? list : [...list.slice(0, most), more(list.length - most)];
}
