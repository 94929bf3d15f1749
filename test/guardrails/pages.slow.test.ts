/** Every guardrail has a page that says why and how to fix, and whose examples are true. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkDefinitions, guardrails } from '@leasehold/guardrails';
import { parseAllDocuments } from 'yaml';
import { hasErrors } from '../../lib/definitions/finding';
import { type CaseYaml, definitionsOf, type PrincipalYaml, type RoleYaml, snippet } from './build';

const folder = join(__dirname, '../../docs/guardrails');
/** Empty for a page that is missing, so that the first test names it. */
const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
const today = '2026-11-22';

test('there is a page for each guardrail, and no other but the index and the one on waivers', () => {
  const pages = readdirSync(folder).toSorted();
  expect(pages).toEqual([...guardrails.map(({ id }) => `${id}.md`), 'README.md', 'waivers.md'].toSorted());
});

test('each rule is in the list, in a file that is named after it', () => {
  const files = readdirSync(join(__dirname, '../../lib/guardrails/rules')).map((file) => file.replace(/\.ts$/, ''));
  for (const file of files) {
    const rules = Object.values(require(`../../lib/guardrails/rules/${file}`) as object).filter(
      (value) => typeof value === 'object' && value !== null && 'check' in value,
    );
    expect([file, rules.map(({ id }) => id)]).toEqual([file, [file]]);
    expect(guardrails).toContain(rules[0]);
  }
  expect(guardrails).toHaveLength(files.length);
});

test('the index lists each guardrail with its title, severity and whether it may be waived, in order', () => {
  const rows = read('README.md')
    .split('\n')
    .filter((line) => line.startsWith('| [`'))
    .map((line) => line.replace(/ {2,}/g, ' '));
  expect(rows).toEqual(
    guardrails.map(
      ({ id, title, severity, unwaivable }) =>
        `| [\`${id}\`](${id}.md) | ${title} | ${severity} | ${unwaivable === undefined ? 'yes' : 'no'} |`,
    ),
  );
});

test('the page on waivers lists all that is said of them', () => {
  const source = readFileSync(join(__dirname, '../../lib/guardrails/waivers.ts'), 'utf8');
  const said = new Set(source.match(/'waiver-[a-z]+'/g)?.map((id) => id.slice(1, -1)));
  const listed = read('waivers.md')
    .match(/^\| `(waiver-[a-z]+)`/gm)
    ?.map((row) => row.slice(3, -1));
  expect(listed?.toSorted()).toEqual([...said].toSorted());
});

describe.each(guardrails)('$id.md', ({ id, title, severity, unwaivable, page }) => {
  const text = read(`${id}.md`);

  test('is the page that findings name', () => expect(page).toBe(`docs/guardrails/${id}.md`));

  test('states title, severity and whether a waiver sets it aside, and why not', () => {
    expect(text.startsWith(`# \`${id}\`\n\n**${title}.**\n\nSeverity: ${severity}. `)).toBe(true);
    expect(text).toContain(
      unwaivable === undefined ? 'May be [waived](waivers.md)' : `Cannot be [waived](waivers.md): ${unwaivable}.`,
    );
  });

  test('says why, what it checks and how to fix', () => {
    for (const heading of ['Why', 'What it checks', 'How to fix']) {
      expect(section(text, `## ${heading}`).length).toBeGreaterThan(40);
    }
  });

  test('has an example that breaks it, and the same fixed, which breaks nothing', async () => {
    const before = await found(example(text, 'Before'));
    expect(before.findings.map((finding) => finding.id)).toContain(id);
    const after = await found(example(text, 'After'));
    expect(after.findings.filter((finding) => finding.id === id || finding.severity === 'error')).toEqual([]);
    expect(hasErrors(after.findings)).toBe(false);
  });

  test('leads nowhere that is not there', () => {
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)\)/g)) expect(readdirSync(folder)).toContain(target);
  });
});

function section(text: string, heading: string): string {
  return text.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? '';
}

function example(text: string, heading: string): string {
  const [, yaml] =
    /^### (?:Before|After)\n\n```yaml\n(.*?)\n```/ms.exec(text.slice(text.indexOf(`### ${heading}\n`))) ?? [];
  if (yaml === undefined) throw new Error(`no example under ${heading}`);
  return yaml;
}

/** What the guardrails say of an example: an excerpt of a role, or documents of several kinds. */
function found(yaml: string) {
  const given: { project?: object; broker?: object; principals: PrincipalYaml[]; roles: RoleYaml[] } = {
    principals: [],
    roles: [],
  };
  const texts = yaml.split(/^---$/m);
  for (const [index, document] of parseAllDocuments(yaml).entries()) {
    const { kind = 'Role', ...rest } = document.toJS() as { kind?: string };
    if (kind === 'Project') given.project = rest;
    else if (kind === 'Broker') given.broker = rest;
    else if (kind === 'Principal') given.principals.push(rest as PrincipalYaml);
    else given.roles.push(...copies(rest, texts[index] ?? ''));
  }
  const source = snippet(JSON.stringify(given));
  return checkDefinitions(definitionsOf(source, [], given as CaseYaml), { today });
}

/** The role, and as many more as a comment below it says. */
function copies(role: RoleYaml, text: string): readonly RoleYaml[] {
  const more = Number(/^# … and (\d+) more roles/m.exec(text)?.[1] ?? 0);
  return [role, ...Array.from({ length: more }, (_, index) => ({ ...role, name: `${role.name}-${index + 1}` }))];
}
