/** docs/doctor.md and docs/checklist.md name exactly the verifications that there are. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checklist, checklistMarkdown, PARTS, verifications, verificationsMarkdown } from '@leasehold/doctor';

const DOCS = join(__dirname, '..', '..', 'docs');
const PAGE = join(DOCS, 'doctor.md');
const START = /(<!-- Generated from the verifications[^>]*-->\n)[\s\S]*(<!-- end of the generated part -->)/;

it('docs/doctor.md lists every verification as the code describes it', () => {
  const page = readFileSync(PAGE, 'utf8');
  const expected = page.replace(START, (_, start, end) => `${start}\n${verificationsMarkdown()}\n\n${end}`);
  if (process.env.LEASEHOLD_GOLDEN === 'write') writeFileSync(PAGE, expected);
  expect(page).toMatch(START);
  expect(readFileSync(PAGE, 'utf8')).toBe(expected);
});

it('docs/checklist.md is the checklist of the code', () => {
  const path = join(DOCS, 'checklist.md');
  const page = readFileSync(path, 'utf8');
  const boxes = checklist.flatMap(({ title, boxes: texts }) => texts.map((text) => ({ section: title, text })));
  const start = /(<!-- Generated from the doctor's checklist[^>]*-->\n)[\s\S]*(<!-- end of the generated part -->)/;
  const list = checklistMarkdown(boxes, () => false);
  const expected = page.replace(start, (_, before, after) => `${before}\n${list}\n\n${after}`);
  if (process.env.LEASEHOLD_GOLDEN === 'write') writeFileSync(path, expected);
  expect(page).toMatch(start);
  expect(readFileSync(path, 'utf8')).toBe(expected);
});

it('the checklist has a box for every verification, and names no other', () => {
  const texts = checklist.flatMap(({ boxes }) => boxes);
  const named = texts.flatMap((text) => [...text.matchAll(/`([a-z]+(?:-[a-z]+)*)`/g)].map(([, id]) => id));
  expect(named.sort()).toEqual(verifications.map(({ id }) => id).sort());
  expect(new Set(texts).size).toBe(texts.length);
});

it('ids, titles and texts are in one form', () => {
  expect(new Set(verifications.map(({ id }) => id)).size).toBe(verifications.length);
  for (const { id, title, why, part } of verifications) {
    expect(id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(title).toMatch(/^[A-Z].*[^.]$/);
    expect(why).toMatch(/^[A-Z].*\.$/);
    expect(PARTS).toContain(part);
  }
  const order = verifications.map(({ part }) => PARTS.indexOf(part));
  expect(order).toEqual([...order].sort((a, b) => a - b));
});
