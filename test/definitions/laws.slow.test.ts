/** Laws of loading: whatever is in the files, it answers in findings that stand inside them. */
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { Finding } from '../../lib/definitions/finding';
import { renderFindings } from '../../lib/definitions/render-blocks';
import { seconds } from '../../lib/definitions/schema-parts';
import { everyKey } from './every-key';
import { brief, load, PROJECT, ROLE } from './support';
import { validDefinitions } from './valid';

/** Loads, and holds what comes out against what is promised of it. */
function answers(files: Readonly<Record<string, string | Uint8Array>>): readonly Finding[] {
  const { definitions, findings } = load(files);
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(definitions === undefined).toBe(errors.length > 0);
  for (const { at, message, hint, page } of findings) {
    expect(message).toMatch(/^[^\n]+[.?]$/);
    expect(hint).toMatch(/^[^\n]+\.$/);
    expect(page).toMatch(/^docs\/definitions\.md#/);
    expect(at.line).toBeGreaterThanOrEqual(1);
    expect(at.column).toBeGreaterThanOrEqual(1);
    expect(at.endLine > at.line || (at.endLine === at.line && at.endColumn >= at.column)).toBe(true);
    if (at.text === undefined) continue;
    const content = Buffer.from(files[at.file] ?? '').toString('utf8');
    const lines = content.replace(/^\ufeff/, '').split('\n');
    expect(at.text).toBe(lines[at.line - 1]?.replace(/\r$/, ''));
    expect(at.column).toBeLessThanOrEqual(at.text.length + 2);
    expect(at.endLine).toBeLessThanOrEqual(lines.length);
  }
  expect(typeof renderFindings(findings, { color: true })).toBe('string');
  return findings;
}

describe('nothing throws, and every finding stands inside its file', () => {
  it('for any bytes', () => {
    void fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(answers({ 'p.yaml': PROJECT, 'x.yaml': bytes }).length).toBeGreaterThan(0);
      }),
      { numRuns: 150 },
    );
  });

  it('for any text of the characters that mean something in YAML', () => {
    const unit = fc.constantFrom(
      ...'abk:-?[]{}&*!|>\'"%@`#,~ \t\n\r01.<=\\',
      '- ',
      ': ',
      '\n  ',
      '\n- ',
      '<<: *a',
      '&a ',
      '---\n',
    );
    void fc.assert(
      fc.property(fc.string({ unit, maxLength: 60 }), (text) => {
        answers({ 'p.yaml': PROJECT, 'r.yaml': ROLE, 'x.yaml': text });
        answers({ 'x.yaml': `kind: Role\nname: x\n${text}` });
      }),
      { numRuns: 250 },
    );
  });

  it('for definitions in which lines are lost, doubled, moved, or changed by a character', () => {
    const text = `${PROJECT}---\n${ROLE}environments:\n  prod: { lease: { max: 1h } }\n`;
    const lines = text.split('\n');
    const line = fc.nat(lines.length - 1);
    const change = fc.oneof(
      line.map((at) => lines.toSpliced(at, 1).join('\n')),
      fc.tuple(line, line).map(([from, to]) => lines.toSpliced(to, 0, lines[from] ?? '').join('\n')),
      fc
        .tuple(line, fc.nat(6))
        .map(([at, depth]) => lines.with(at, ' '.repeat(depth) + (lines[at] ?? '').trim()).join('\n')),
      fc
        .tuple(fc.nat(text.length - 1), fc.constantFrom(...':-[]{}"\'#&*!%$? \n\tx1', ''))
        .map(([at, char]) => text.slice(0, at) + char + text.slice(at + 1)),
    );
    void fc.assert(
      fc.property(change, (changed) => {
        answers({ 'x.yaml': changed });
      }),
      { numRuns: 250 },
    );
  });

  it('for any data in place of any value', () => {
    const odd = fc.oneof(
      fc.constantFrom(null, true, 0, -1, 1.5, '', ' ', '${var.x}', '${', '*', 'no', [], {}, [[]], [null], { a: null }),
      fc.string(),
      fc.array(fc.string(), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom('kind', 'name', 'type', 'constructor', '__proto__', 'x'), fc.constant('x')),
    );
    const whole = everyKey();
    const paths = pathsOf(whole);
    void fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        answers(filesOf(replaced(whole, path, value)));
      }),
      { numRuns: 250 },
    );
  });

  it('one wrong value is told once', () => {
    const whole = everyKey();
    // Nowhere does a list of lists belong.
    for (const path of pathsOf(whole).filter((one) => one.length > 1)) {
      const findings = answers(filesOf(replaced(whole, path, [[1]])));
      expect([path, brief(findings)]).toEqual([path, [expect.any(String)]]);
    }
  });
});

describe('what is valid loads without a complaint', () => {
  it('and says of every environment what its roles are', () => {
    void fc.assert(
      fc.property(validDefinitions, ({ project: top, roles, brokers, principals }) => {
        const files = {
          'p.yaml': stringify(top),
          'r.yaml': roles.map((one) => stringify(one)).join('---\n'),
          'w.yaml': [...brokers, ...principals].map((one) => stringify(one)).join('---\n'),
        };
        const { definitions, findings } = load(files);
        expect(brief(findings.filter(({ severity }) => severity === 'error'))).toEqual([]);
        for (const environment of definitions?.environments ?? []) {
          expect(JSON.stringify(environment)).not.toMatch(/\$\{(?!param\.)/);
          for (const found of environment.roles) {
            expect(found.lease.defaultSeconds).toBeLessThanOrEqual(found.lease.maxSeconds);
            expect(found.agents.length).toBeGreaterThan(0);
            expect(found.locate(['name']).file).toBe('r.yaml');
            expect(found.broker !== undefined).toBe(found.gates.includes('broker'));
            // Nobody may ask the broker whom neither `agents` nor a group lets in.
            const { agents = [], groups = [] } = found.broker?.eligible ?? {};
            expect(found.agents).toEqual(expect.arrayContaining([...agents]));
            expect(agents.length + groups.length > 0).toBe(found.broker !== undefined);
          }
          const { broker } = environment;
          expect(broker === undefined || brokers.length > 0).toBe(true);
          for (const { limit, windowSeconds } of Object.values(broker?.budgets ?? {})) {
            expect([limit, windowSeconds].every((value) => Number.isInteger(value) && value > 0)).toBe(true);
          }
          for (const { kind, userArn } of environment.principals) expect(userArn === undefined).toBe(kind === 'agent');
        }
      }),
      { numRuns: 100 },
    );
  });
});

it('a duration says its seconds', () => {
  void fc.assert(
    fc.property(fc.integer({ min: 1, max: 99_999 }), (count) => {
      expect([seconds(`${count}s`), seconds(`${count}m`), seconds(`${count}h`)]).toEqual([
        count,
        count * 60,
        count * 3600,
      ]);
    }),
  );
  for (const text of ['', '1', '1d', '1.5.5h']) expect(seconds(text)).toBeNaN();
});

type Data = unknown;
type Step = string | number;

/** One file a document. */
function filesOf(documents: Data): Readonly<Record<string, string>> {
  return Object.fromEntries((documents as readonly Data[]).map((one, index) => [`${index}.yaml`, stringify(one)]));
}

function pathsOf(data: Data, base: readonly Step[] = []): readonly (readonly Step[])[] {
  if (data === null || typeof data !== 'object') return [base];
  const steps: readonly Step[] = Array.isArray(data) ? [...data.keys()] : Object.keys(data);
  return [
    ...(base.length > 0 ? [base] : []),
    ...steps.flatMap((step) => pathsOf((data as Record<Step, Data>)[step], [...base, step])),
  ];
}

function replaced(data: Data, [step, ...rest]: readonly Step[], value: Data): Data {
  if (step === undefined) return value;
  const inner = replaced((data as Record<Step, Data>)[step], rest, value);
  return Array.isArray(data) ? data.with(step as number, inner) : { ...(data as object), [step]: inner };
}
