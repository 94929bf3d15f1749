/**
 * What a user is told, word for word. Each file under `golden/` holds cases: a title, the files, and what is printed.
 * Where a case brings no project, the usual one of `support.ts` lies beside it as `a-project.yaml`.
 * `LEASEHOLD_GOLDEN=write npx jest test/definitions` writes what is printed anew.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMPLAINTS } from '../../lib/definitions/complaints';
import { renderFinding } from '../../lib/definitions/render';
import { renderFindings } from '../../lib/definitions/render-blocks';
import { load, PROJECT } from './support';

const FOLDER = join(__dirname, 'golden');
const TITLE = '##### ';
const FILE = '== ';
const PRINTED = '== printed';

interface Case {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
  readonly printed: string;
}

const goldens = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));

describe.each(goldens)('%s', (golden) => {
  const path = join(FOLDER, golden);
  if (process.env.LEASEHOLD_GOLDEN === 'write') {
    const anew = readCases(readFileSync(path, 'utf8')).map((one) => ({ ...one, printed: printed(one) }));
    writeFileSync(path, anew.map(writeCase).join('\n'));
  }
  const cases = readCases(readFileSync(path, 'utf8'));

  it.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => {
    expect(printed(one)).toBe(one.printed);
  });
});

it('every complaint that the loader knows is shown in some case', () => {
  const all = goldens.map((golden) => readFileSync(join(FOLDER, golden), 'utf8')).join('');
  // These need more than a text file: see files.slow.test.ts.
  const elsewhere = [
    'document-limit',
    'file-encoding',
    'file-limit',
    'file-unreadable',
    'more-complaints',
    'token-limit',
  ];
  const unseen = Object.keys(COMPLAINTS).filter((id) => !elsewhere.includes(id) && !all.includes(`[${id}]`));
  expect(unseen).toEqual([]);
});

function printed({ files }: Case): string {
  const hasProject = Object.values(files).some((text) => text.includes('kind: Project') || text.includes('no project'));
  const { findings, definitions } = load(hasProject ? files : { 'a-project.yaml': PROJECT, ...files });
  const errors = findings.some(({ severity }) => severity === 'error');
  expect(definitions === undefined).toBe(errors);
  if (findings.length === 0) return 'nothing';
  // Each by itself, however many there are.
  const count = renderFindings(findings, { color: false }).split('\n').at(-1);
  return [...findings.map((finding) => renderFinding(finding, { color: false })), count].join('\n\n');
}

function readCases(text: string): readonly Case[] {
  return text
    .split(new RegExp(`^${TITLE}`, 'm'))
    .slice(1)
    .map((part) => {
      const [title = '', ...blocks] = part.split(new RegExp(`^${FILE}`, 'm'));
      const files: Record<string, string> = {};
      let result = '';
      for (const block of blocks) {
        const end = block.indexOf('\n');
        const name = block.slice(0, end);
        if (`${FILE}${name}` === PRINTED) result = block.slice(end + 1).trimEnd();
        else files[name] = block.slice(end + 1);
      }
      return { title: title.trim(), files, printed: result };
    });
}

function writeCase({ title, files, printed: result }: Case): string {
  const blocks = Object.entries(files).map(([name, text]) => `${FILE}${name}\n${text}`);
  return `${TITLE}${title}\n${blocks.join('')}${PRINTED}\n${result}\n`;
}
