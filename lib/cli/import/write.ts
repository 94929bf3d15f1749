/** Writes drafted roles as YAML, and records the line of each value. */
import { spacedUnseen } from '@leasehold/contract/text';
import type { Path } from '@leasehold/definitions';
import { runsSql } from '@leasehold/policy';
import { hijacks, isSensitive } from './actions';
import type { DraftConditions, DraftRole, DraftStatement } from './model';

/** The gate of the roles, and the expiry date of the roles' waivers. */
export interface WriteOptions {
  readonly gate: 'mfa' | 'broker';
  /** `YYYY-MM-DD`. */
  readonly until: string;
  /** Comment lines above the first role. */
  readonly head?: readonly string[];
  /** Returns the comment lines above a statement, for the role's name and the statement's index. */
  readonly notes?: (role: string, statement: number) => readonly string[];
}

/** YAML text, and the role and the value that each line belongs to. */
export interface Written {
  readonly text: string;
  /**
   * Maps each line number (starting at 1) to the index of the role and the path of the value in the role's document.
   */
  readonly at: ReadonlyMap<number, { readonly role: number; readonly path: Path }>;
}

/** The YAML for the given roles, one document for each role. */
export function writeRoles(roles: readonly DraftRole[], options: WriteOptions): Written {
  const lines = new Lines();
  for (const line of options.head ?? []) lines.add(line === '' ? '#' : `# ${spacedUnseen(line)}`);
  roles.forEach((role, index) => {
    if (index > 0) lines.add('---');
    writeRole(role, index, options, lines);
  });
  return { text: lines.text(), at: lines.at };
}

class Lines {
  readonly #lines: string[] = [];
  readonly at = new Map<number, { readonly role: number; readonly path: Path }>();

  add(line: string, role?: number, path: Path = []): void {
    this.#lines.push(line);
    if (role !== undefined) this.at.set(this.#lines.length, { role, path });
  }

  text(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }
}

function writeRole(role: DraftRole, index: number, options: WriteOptions, lines: Lines): void {
  const { name, access, allow } = role;
  const own = (line: string, path: Path) => lines.add(line, index, path);
  const services = servicesOf(role);
  const [, ...companions] = services;
  own('kind: Role', ['kind']);
  own(`name: ${name}`, ['name']);
  own(`purpose: ${quoted(purposeOf(role, services))}`, ['purpose']);
  own(`access: ${access}`, ['access']);
  own(`gate: ${options.gate}`, ['gate']);
  if (companions.length > 0) own(`companions: [${companions.join(', ')}]`, ['companions']);
  writeStatements('allow', allow, own, lines, (place) => options.notes?.(name, place) ?? []);
  if (role.deny.length > 0) writeStatements('deny', role.deny, own, lines, () => []);
  const listed = [...new Set(allow.flatMap(({ actions }) => actions))].toSorted();
  const sensitive = listed.filter(isSensitive);
  if (sensitive.length > 0) own('sensitive:', ['sensitive']);
  sensitive.forEach((action, entry) => {
    own(`  - { action: ${action}, because: "TODO: say why the task needs it." }`, ['sensitive', entry]);
  });
  if (listed.some((action) => runsSql(action) !== undefined)) {
    own('sql:', ['sql']);
    own('  databaseUser: "TODO"', ['sql', 'databaseUser']);
    own('  limits: "TODO: say what that user may do in the database, and where that is granted."', ['sql', 'limits']);
  }
  const waived = [
    ...(listed.some(hijacks)
      ? [['no-role-hijack', 'say what the role of what it changes may do, and that it is no more than this.'] as const]
      : []),
    ...(role.unscoped ? [['scoped-resources', 'say why the task cannot name what it works on.'] as const] : []),
  ];
  if (waived.length > 0) own('waivers:', ['waivers']);
  waived.forEach(([guardrail, question], entry) => {
    const waiver = `{ guardrail: ${guardrail}, because: "TODO: ${question}", until: ${options.until} }`;
    own(`  - ${waiver}`, ['waivers', entry]);
  });
}

type Own = (line: string, path: Path) => void;

function writeStatements(
  section: 'allow' | 'deny',
  statements: readonly DraftStatement[],
  own: Own,
  lines: Lines,
  notes: (place: number) => readonly string[],
): void {
  own(`${section}:`, [section]);
  for (const [place, { actions, resources, conditions, from }] of statements.entries()) {
    lines.add(`  # ${spacedUnseen(from)}`);
    for (const note of notes(place)) lines.add(`  # ${spacedUnseen(note)}`);
    own('  - actions:', [section, place, 'actions']);
    for (const [entry, action] of actions.entries()) {
      own(`      - ${quotedUnlessPlain(action)}`, [section, place, 'actions', entry]);
    }
    own('    resources:', [section, place, 'resources']);
    for (const [entry, text] of resources.entries()) {
      own(`      - ${quoted(text)}`, [section, place, 'resources', entry]);
    }
    writeConditions(conditions, [section, place, 'conditions'], own);
  }
}

function writeConditions(conditions: DraftConditions, base: Path, own: Own): void {
  const operators = Object.entries(conditions);
  if (operators.length === 0) return;
  own('    conditions:', base);
  for (const [operator, keys] of operators) {
    own(`      ${quoted(operator)}:`, [...base, operator]);
    for (const [key, values] of Object.entries(keys)) {
      own(`        ${quoted(key)}: [${values.map(quoted).join(', ')}]`, [...base, operator, key]);
    }
  }
}

/** The services of a role, beginning with the service that has the most actions. */
function servicesOf({ allow, access }: DraftRole): readonly string[] {
  const counts = new Map<string, number>();
  // The actions that define the role's purpose count more than the read actions that accompany them.
  allow.forEach(({ actions }, index) => {
    for (const action of actions) {
      const service = action.slice(0, action.indexOf(':'));
      counts.set(service, (counts.get(service) ?? 0) + (access === 'read' || index === 0 ? 10 : 1));
    }
  });
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([service]) => service);
}

const VERBS = { read: 'Read', write: 'Write', delete: 'Delete', 'write+delete': 'Write and delete' } as const;

function purposeOf({ access, source }: DraftRole, services: readonly string[]): string {
  const shown = services.slice(0, 4).join(', ');
  const more = services.length > 4 ? ` and ${services.length - 4} more services` : '';
  const not = { read: 'No change.', write: 'No delete.', delete: 'No other change.', 'write+delete': 'Nothing else.' }[
    access
  ];
  const from = spacedUnseen(source).replaceAll('${', '$ {').slice(0, 200);
  return `${VERBS[access]} in ${shown}${more}, at most as the policy ${from} permits. ${not}`;
}

/** A YAML text in double quotes, as in JSON. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

function quotedUnlessPlain(action: string): string {
  return /^[a-z0-9-]+:[A-Za-z0-9]+$/.test(action) ? action : quoted(action);
}
