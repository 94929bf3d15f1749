import type { Role } from '@leasehold/definitions';
import { LEASE_ID_TEMPLATE } from '@leasehold/documents';
import { parseArn } from '@leasehold/policy';
import { conditionsOf, type Operator } from '../conditions';
import { type Complaint, pageOf, type RoleGuardrail } from '../guardrail';
import { type AllowReading, readAllows, readStatements } from '../reading';
import { crosses, leaks, type ScopeToken, scopeTokens, type ValueShape, valueShapes } from '../scope';

/** In a template, a lease id must be followed by a literal character that cannot occur in a lease id. */
const ENDS_LEASE_ID = /^[^A-Za-z0-9*?$\s]/;

/** Two different values of a parameter must never give access to the same resource. */
export const parameterScope: RoleGuardrail = {
  id: 'parameter-scope',
  title: 'No value of a parameter gives access to the scope of another value',
  severity: 'error',
  page: pageOf('parameter-scope'),
  over: 'role',
  *check({ role, catalogue }) {
    yield* openLeaseIds(role, readStatements(role, catalogue));
    if (role.parameters.length === 0 && !namesParameter(role)) return;
    const shapes = valueShapes(role.parameters);
    const templates = readAllows(role, catalogue).flatMap(templatesOf);
    for (const { text, tokens, path } of templates) {
      const [leak] = leaks(tokens, shapes);
      if (leak === undefined) continue;
      yield {
        message: `In \`${text}\` one value of \`${leak.parameter}\` reaches into another's scope: ${leak.because}.`,
        hint: leak.hint,
        at: role.locate(path),
      };
    }
    for (const { text, path, ignoresCase, tokens } of templates) {
      const mixed = ignoresCase && tokens.map((token) => bothCases(token, shapes)).find((name) => name !== undefined);
      if (!mixed) continue;
      yield {
        message: `\`${text}\` is compared without regard to case, and \`${mixed}\` may contain letters of either case.`,
        hint: 'Use `StringEquals`, or leave one case out of the pattern.',
        at: role.locate(path),
      };
    }
    yield* crossings(
      templates.filter(({ resource }) => resource),
      shapes,
      (path) => role.locate(path),
    );
  },
};

/** Whether the text refers to an undeclared parameter, which is possible in a draft. */
function namesParameter({ allow }: Role): boolean {
  return JSON.stringify(allow).includes('${param.');
}

/**
 * Lease ids differ in length, so the character after an id must mark the end of the id. If this character were a
 * wildcard, a letter or a digit, a template for the lease `lh-1` could match resources of the lease `lh-12`.
 */
function* openLeaseIds(role: Role, statements: readonly AllowReading[]): Iterable<Complaint> {
  for (const statement of statements) {
    const entries = [
      ...statement.allow.resources.map((text, index) => ({
        text,
        path: [statement.section, statement.index, 'resources', index],
      })),
      ...conditionsOf(statement).flatMap(({ values, path }) => values.map((text) => ({ text, path }))),
    ];
    for (const { text, path } of entries) {
      const ends = text.split(LEASE_ID_TEMPLATE).slice(1);
      const starts = text.split(LEASE_ID_TEMPLATE).slice(0, -1);
      if (ends.every((end) => end === '' || ENDS_LEASE_ID.test(end)) && starts.every((start) => !/[*?]$/.test(start)))
        continue;
      yield {
        message: `With \`${text}\` a lease reaches what belongs to another: \`${LEASE_ID_TEMPLATE}\` needs a neighbouring character that no id contains.`,
        hint: `Write \`${LEASE_ID_TEMPLATE}/*\` or \`${LEASE_ID_TEMPLATE}-*\`.`,
        at: role.locate(path),
      };
    }
  }
}

interface Template {
  readonly text: string;
  readonly tokens: readonly ScopeToken[];
  readonly path: readonly (string | number)[];
  readonly allow: AllowReading;
  readonly resource: boolean;
  readonly ignoresCase: boolean;
}

/** All templates of a statement that contain a parameter. */
function templatesOf(allow: AllowReading): readonly Template[] {
  const resources = allow.allow.resources.map((text, index) => ({
    text,
    tokens: scopeTokens(nameIn(text), true),
    path: ['allow', allow.index, 'resources', index],
    allow,
    resource: true,
    ignoresCase: false,
  }));
  const conditions = conditionsOf(allow).flatMap(({ operator, values, path }) =>
    values.map((text) => ({
      text,
      tokens: scopeTokens(operator?.family === 'ARN' ? nameIn(text) : text, comparesGlobs(operator)),
      path,
      allow,
      resource: false,
      ignoresCase: operator?.ignoresCase === true,
    })),
  );
  return [...resources, ...conditions].filter(({ tokens }) => tokens.some(({ kind }) => kind === 'parameter'));
}

/** Whether an operator expands wildcards; true for an operator that cannot be parsed. */
function comparesGlobs(operator: Operator | undefined): boolean {
  return operator?.like !== false;
}

/**
 * The last part of an ARN. IAM compares ARNs part by part, so a wildcard in an earlier part never matches characters of
 * the last part.
 */
function nameIn(text: string): string {
  return parseArn(text)?.resource ?? text;
}

function bothCases(token: ScopeToken, shapes: ReadonlyMap<string, ValueShape>): string | undefined {
  if (token.kind !== 'parameter') return undefined;
  const shape = shapes.get(token.name);
  const both = [...'abcdefghijklmnopqrstuvwxyz'].some(
    (letter) => shape === undefined || (shape.canContain(letter) && shape.canContain(letter.toUpperCase())),
  );
  return both ? token.name : undefined;
}

/**
 * Finds overlapping templates, such as `data/${param.x}/*` and `data/shared/${param.x}/*`: if `x` is `shared`, the
 * first template matches the resources of every value of `x` in the second template.
 */
function* crossings(
  templates: readonly Template[],
  shapes: ReadonlyMap<string, ValueShape>,
  locate: (path: Template['path']) => Complaint['at'],
): Iterable<Complaint> {
  for (const [index, left] of templates.entries()) {
    for (const right of templates.slice(index + 1)) {
      if (left.text === right.text || !samePlace(left.text, right.text) || !shareAction(left.allow, right.allow))
        continue;
      const parameter = [...shapes.keys()].find(
        (name) =>
          [left, right].every(({ tokens }) => holds(tokens, name)) && crosses(left.tokens, right.tokens, name, shapes),
      );
      if (parameter === undefined) continue;
      yield {
        message: `\`${right.text}\` and \`${left.text}\` can name the same thing for different values of \`${parameter}\`.`,
        hint: 'Put fixed text before the parameter. No value of the parameter may be equal to this text.',
        at: locate(right.path),
      };
    }
  }
}

function holds(tokens: readonly ScopeToken[], name: string): boolean {
  return tokens.some((token) => token.kind === 'parameter' && token.name === name);
}

function samePlace(left: string, right: string): boolean {
  return left.slice(0, left.length - nameIn(left).length) === right.slice(0, right.length - nameIn(right).length);
}

function shareAction(left: AllowReading, right: AllowReading): boolean {
  return left === right || left.granted.some(({ id }) => right.granted.some((other) => other.id === id));
}
