/** Renders a table of the deployed roles. */
import type { Environment, Role } from '@leasehold/definitions';
import { isForPeopleOnly, managedArns, managedName, managedPowers, type RolePowers } from '@leasehold/documents';
import type { Hue, Paint } from '../colour';
import { type Column, renderTable } from './table';
import { count } from './text';

/**
 * The table for the given environments. A role that is identical in several environments is shown in one row. If all
 * roles are identical in all environments, the environment column is omitted.
 */
export function renderSummary(
  environments: readonly Environment[],
  powers: RolePowers,
  paint: Paint,
  columns: number | undefined,
): string {
  const rows = new Map<string, { cells: readonly string[]; environments: string[] }>();
  for (const environment of environments) {
    for (const role of environment.roles) {
      const cells = cellsOf(role, environment, powers);
      const row = rows.get(cells.join('\n')) ?? { cells, environments: [] };
      row.environments.push(environment.name);
      rows.set(cells.join('\n'), row);
    }
  }
  // Sorting is stable, so the rows of one role keep the order of the environments.
  const sorted = [...rows.values()].sort((a, b) => compare(a.cells[0], b.cells[0]));
  const everywhere = sorted.every((row) => row.environments.length === environments.length);
  const table = sorted.map(({ cells, environments: where }) => {
    const [role = '', ...rest] = cells;
    return everywhere ? cells : [role, where.join(', '), ...rest];
  });
  return renderTable(everywhere ? COLUMNS : withEnvironment(COLUMNS), table, { paint, columns });
}

const ACCESS_HUES: Readonly<Record<string, Hue>> = {
  read: 'green',
  write: 'yellow',
  delete: 'red',
  'write+delete': 'red',
};

const COLUMNS: readonly Column[] = [
  { title: 'role', keep: true, hue: () => 'bold' },
  { title: 'access', hue: (cell) => ACCESS_HUES[cell] },
  { title: 'services' },
  { title: 'actions', align: 'right' },
  { title: 'scope' },
  { title: 'gate' },
  { title: 'waivers', hue: (cell) => (cell === NONE ? 'dim' : 'yellow') },
];

const NONE = 'none';

function withEnvironment([role, ...rest]: readonly Column[]): readonly Column[] {
  return [...(role ? [role] : []), { title: 'env' }, ...rest];
}

function cellsOf(role: Role, environment: Environment, powers: RolePowers): readonly string[] {
  const { actions, services, unknown } = powers(role);
  const mixed = environment.mixedAccess.some((entry) => entry.role === role.name) ? ['mixed-access'] : [];
  const waivers = [...[...role.waivers, ...environment.waivers].map(({ guardrail }) => guardrail), ...mixed];
  return [
    role.name,
    role.access,
    isForPeopleOnly(role)
      ? `${count(services.length, 'service')} of ${managedArns(role).map(managedName).join(', ')}`
      : services.join(', '),
    unknown.length > 0 ? `${actions.length} + unknown` : String(actions.length),
    scopeOf(role),
    role.gates.join(', '),
    waivers.length > 0 ? [...new Set(waivers)].sort().join(', ') : NONE,
  ];
}

/**
 * The scope of a role in a few words: how many resources the role names, whether it permits any resource, and which
 * parameters narrow a lease.
 */
function scopeOf(role: Role): string {
  const { parameters } = role;
  const allow = [...role.allow, ...managedPowers(role)];
  const resources = new Set(allow.flatMap((statement) => statement.resources));
  const anywhere = allow.filter((statement) => statement.resources.includes('*'));
  const conditioned = anywhere.every(({ conditions }) => Object.keys(conditions).length > 0);
  const named = resources.size - (resources.has('*') ? 1 : 0);
  const parts = [
    ...(named > 0 ? [count(named, 'ARN')] : []),
    ...(anywhere.length > 0 ? [conditioned ? 'any on conditions' : 'any'] : []),
  ];
  const narrowing = parameters.length > 0 ? ` per ${parameters.map(({ name }) => name).join(', ')}` : '';
  return parts.join(' and ') + narrowing;
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : Number(a > b);
}
