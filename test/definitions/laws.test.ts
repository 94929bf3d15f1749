/** Laws of loading: whatever is in the files, it answers in findings that stand inside them. */
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import type { Finding } from '../../lib/definitions/finding';
import { renderFindings } from '../../lib/definitions/render';
import { seconds } from '../../lib/definitions/schema-parts';
import { brief, load, PROJECT, ROLE } from './support';

/** Loads, and holds what comes out against what is promised of it. */
function answers(files: Readonly<Record<string, string | Uint8Array>>): readonly Finding[] {
  const { definitions, findings } = load(files);
  const errors = findings.filter(({ severity }) => severity === 'error');
  expect(definitions === undefined).toBe(errors.length > 0);
  for (const { at, message, mend, page } of findings) {
    expect(message).toMatch(/^[^\n]+[.?]$/);
    expect(mend).toMatch(/^[^\n]+\.$/);
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
    const whole = projectAndRole();
    const paths = pathsOf(whole);
    void fc.assert(
      fc.property(fc.constantFrom(...paths), odd, (path, value) => {
        const [project, role] = replaced(whole, path, value) as readonly [unknown, unknown];
        answers({ 'p.yaml': stringify(project), 'r.yaml': stringify(role) });
      }),
      { numRuns: 250 },
    );
  });

  it('one wrong value is told once', () => {
    const whole = projectAndRole();
    // Nowhere does a list of lists belong.
    for (const path of pathsOf(whole).filter((one) => one.length > 1)) {
      const changed = replaced(whole, path, [[1]]) as readonly [unknown, unknown];
      const findings = answers({ 'p.yaml': stringify(changed[0]), 'r.yaml': stringify(changed[1]) });
      expect([path, brief(findings)]).toEqual([path, [expect.any(String)]]);
    }
  });
});

describe('what is valid loads without a complaint', () => {
  const name = fc.stringMatching(/^[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,5})?$/);
  const sentence = fc.stringMatching(/^[A-Z][a-z ,]{0,40}[a-z]\.$/);
  const action = fc.constantFrom('s3:GetObject', 's3:PutObject', 'ec2:Describe*', 'logs:GetLogEvents');
  const lease = fc.constantFrom(undefined, {}, { max: '1h' }, { default: '15m', max: '45m' }, { default: '1h' });
  const environments = fc.uniqueArray(name, { minLength: 1, maxLength: 3 });
  const agents = fc.dictionary(
    name,
    fc.constantFrom({ identity: { type: 'iam-user' } }, { identity: { type: 'iam-user' } }),
    { minKeys: 1, maxKeys: 3 },
  );
  const parameter = fc.oneof(
    fc.record({ description: sentence, pattern: fc.constantFrom('[a-z]+', '\\d{1,4}', '(a|b)+', 'v[0-9.]+') }),
    fc.record({ description: sentence, values: fc.uniqueArray(name, { minLength: 1, maxLength: 3 }) }),
  );
  const role = (known: readonly string[], identities: readonly string[]) =>
    fc.record(
      {
        purpose: sentence,
        access: fc.constantFrom('read', 'write', 'delete'),
        gate: fc.constantFrom('mfa', 'broker', ['mfa', 'broker']),
        lease: lease.filter((one) => one !== undefined),
        agents: fc.subarray([...identities], { minLength: 1 }),
        parameters: fc.dictionary(name, parameter, { maxKeys: 2 }),
        environments: fc.oneof(
          fc.subarray([...known], { minLength: 1 }),
          fc.dictionary(fc.constantFrom(...known), fc.constantFrom({}, { lease: { max: '30m' } })),
        ),
        allow: fc.uniqueArray(
          fc.record({
            actions: fc.oneof(action, fc.uniqueArray(action, { minLength: 1 })),
            resources: fc.constantFrom('*', 'arn:aws:s3:::${var.bucket}-${env.name}/*'),
          }),
          { minLength: 1, maxLength: 3, selector: (statement) => JSON.stringify(statement) },
        ),
      },
      { requiredKeys: ['purpose', 'access', 'gate', 'allow'] },
    );
  const project = fc.tuple(name, environments, agents).chain(([projectName, known, declared]) =>
    fc.record({
      project: fc.constant({
        kind: 'Project',
        name: projectName,
        environments: Object.fromEntries(
          known.map((one, index) => [
            one,
            { account: String(index).padStart(12, '0'), region: 'eu-west-1', variables: { bucket: `b-${one}` } },
          ]),
        ),
        agents: declared,
        approvers: ['oncall'],
      }),
      roles: fc
        .dictionary(name, role(known, Object.keys(declared)), { minKeys: 1, maxKeys: 4 })
        .map((roles) => Object.entries(roles).map(([key, rest]) => ({ kind: 'Role', name: key, ...rest }))),
    }),
  );

  it('and says of every environment what its roles are', () => {
    void fc.assert(
      fc.property(project, ({ project: top, roles }) => {
        const files = { 'p.yaml': stringify(top), 'r.yaml': roles.map((one) => stringify(one)).join('---\n') };
        const { definitions, findings } = load(files);
        expect(brief(findings.filter(({ severity }) => severity === 'error'))).toEqual([]);
        for (const environment of definitions?.environments ?? []) {
          expect(JSON.stringify(environment)).not.toMatch(/\$\{(?!param\.)/);
          for (const found of environment.roles) {
            expect(found.lease.defaultSeconds).toBeLessThanOrEqual(found.lease.maxSeconds);
            expect(found.agents.length).toBeGreaterThan(0);
            expect(found.locate(['name']).file).toBe('r.yaml');
          }
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

/** A project and a role with every kind of value in them. */
function projectAndRole(): readonly Data[] {
  return [
    {
      kind: 'Project',
      name: 'hermes',
      description: 'One.',
      environments: {
        dev: {
          account: '123456789012',
          region: 'eu-west-1',
          partition: 'aws',
          variables: { bucket: 'b' },
          approval: { humans: 1, windowSeconds: 1800 },
          agents: { worker: { identity: { type: 'lambda' } } },
          backend: { type: 's3', bucket: 'b', key: 'k', region: 'eu-west-1', kmsKeyId: 'k' },
          alerts: { trail: 'create', emails: ['a@example.com'], hours: { from: 1, to: 2 } },
        },
      },
      agents: { agent: { identity: { type: 'iam-user' } }, worker: { identity: { type: 'ec2' } } },
      approvers: ['oncall'],
      waivers: [{ guardrail: 'no-star', because: 'One.', until: '2027-01-01' }],
    },
    {
      kind: 'Role',
      name: 'one',
      purpose: 'One.',
      access: 'read',
      gate: ['mfa'],
      agents: ['agent'],
      lease: { default: '15m', max: '1h' },
      parameters: {
        release: { description: 'One.', pattern: '[a-z]+' },
        other: { description: 'One.', values: ['a'] },
      },
      allow: [
        {
          actions: ['s3:GetObject'],
          resources: ['arn:aws:s3:::${var.bucket}/${param.release}/${param.other}/*'],
          conditions: { StringEquals: { 'aws:PrincipalTag/x': ['y'] } },
        },
      ],
      companions: ['kms'],
      sensitive: [{ action: 's3:GetObject', because: 'One.' }],
      sql: { databaseUser: 'reader', limits: 'One.' },
      waivers: [{ guardrail: 'no-star', because: 'One.', until: '2027-01-01' }],
      environments: { dev: { lease: { max: '30m' }, gate: 'mfa' } },
    },
  ];
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
