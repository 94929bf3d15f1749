/**
 * A hint is safe to follow literally. Statements as somebody would copy them out of an IAM policy are written into a role;
 * every hint with one mechanical reading is followed until none is left; and what the role then permits lies inside what
 * the statements permitted, as the policy engine proves.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDefinitions } from '@leasehold/definitions';
import { permissions } from '@leasehold/documents';
import { checkDefinitions } from '@leasehold/guardrails';
import { compare, type PolicyDocument, type Statement } from '@leasehold/policy';
import * as fc from 'fast-check';
import { type Document, isMap, isSeq, LineCounter, parseDocument } from 'yaml';
import type { Finding } from '../../lib/definitions/finding';

type Path = readonly (string | number)[];
type Written = Readonly<Record<string, unknown>>;

const PROJECT = `kind: Project
name: shop
environments: { dev: { account: "123456789012", region: eu-west-1 } }
agents: { agent: { identity: { type: iam-user } } }
approvers: [lead]
`;

const OBJECTS = ['arn:aws:s3:::a/*', 'arn:aws:s3:::a/keep/*'];
const EVERYTHING = {
  actions: ['s3:GetObject', 's3:putobject', 's3:PutObject', 's3:ListBucket', 's3:GetObjectT*', 'sqs:SendMessage'],
  resources: [...OBJECTS, 'arn:aws:s3:::a', 'arn:aws:sqs:eu-west-1:123456789012:q'],
};
/** What a statement names: mostly what AWS can receive together, sometimes anything. */
const named = fc
  .oneof(
    { weight: 4, arbitrary: fc.constant({ actions: ['s3:putobject', 's3:PutObject'], resources: OBJECTS }) },
    { weight: 1, arbitrary: fc.constant({ actions: ['s3:ListBucket'], resources: ['arn:aws:s3:::a'] }) },
    { weight: 1, arbitrary: fc.constant(EVERYTHING) },
  )
  .chain(({ actions, resources }) =>
    fc.record({
      actions: fc.uniqueArray(fc.constantFrom(...actions), { minLength: 1, maxLength: 3 }),
      resources: fc.uniqueArray(fc.constantFrom(...resources), { minLength: 1, maxLength: 2 }),
    }),
  );
const conditions = fc.constantFrom<Written>(
  { StringLike: { 's3:prefix': '*' } },
  { StringEqualsIfExists: { 's3:prefix': 'x' } },
  { 'ForAllValues:StringEquals': { 'aws:TagKeys': ['x'] } },
  { StringEquals: { 's3:prefix': 'x' } },
  { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } },
);
const statement: fc.Arbitrary<Written> = fc
  .record(
    {
      effect: fc.constantFrom('Allow', 'Deny', 'deny'),
      list: fc.oneof(
        { weight: 12, arbitrary: fc.constant('actions') },
        { weight: 1, arbitrary: fc.constant('notActions') },
      ),
      place: fc.oneof(
        { weight: 12, arbitrary: fc.constant('resources') },
        { weight: 1, arbitrary: fc.constant('NotResource') },
      ),
      named,
      conditions,
    },
    { requiredKeys: ['list', 'place', 'named'] },
  )
  .map(({ list, place, named: { actions, resources }, ...rest }) => ({ ...rest, [list]: actions, [place]: resources }));

/** What IAM would read. */
function inIam(written: Written): Statement {
  const { effect, notActions, NotResource, conditions: Condition } = written as Record<string, never>;
  return {
    Effect: effect !== undefined && String(effect).toLowerCase() === 'deny' ? 'Deny' : 'Allow',
    ...(notActions === undefined ? { Action: written.actions as string[] } : { NotAction: notActions }),
    ...(NotResource === undefined ? { Resource: written.resources as string[] } : { NotResource }),
    ...(Condition === undefined ? {} : { Condition }),
  };
}

/** Whether AWS can receive the action on the resource: of S3's actions here, only `ListBucket` names a bucket. */
function accepts(action: string, arn: string): boolean {
  if (arn.split(':')[2] !== action.split(':')[0]) return false;
  return !arn.startsWith('arn:aws:s3:') || (action === 's3:ListBucket') !== arn.includes('/');
}

/** Whether a request of the action can fulfil the conditions: of these actions, only a listing carries a prefix. */
function fulfils(action: string, { conditions = {} }: Written): boolean {
  const demanded = Object.entries(conditions as object).filter(([operator]) => /^String(Equals|Like)$/.test(operator));
  return action === 's3:ListBucket' || !demanded.some(([, block]) => 's3:prefix' in block);
}

/** A deny without the requests that AWS cannot receive, such as `s3:GetObject` on a queue; an allow as it is. */
function possible(written: Written): readonly Written[] {
  const { actions: listed, resources: where } = written as Readonly<Record<string, readonly string[] | undefined>>;
  if (listed === undefined || where === undefined || inIam(written).Effect === 'Allow') return [written];
  return listed
    .filter((action) => fulfils(action, written))
    .map((action) => ({ action, accepted: where.filter((arn) => accepts(action, arn)) }))
    .filter(({ accepted }) => accepted.length > 0)
    .map(({ action, accepted }) => ({ ...written, actions: [action], resources: accepted }));
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'leasehold-'));
  writeFileSync(join(folder, 'project.yaml'), PROJECT);
});
afterAll(() => rmSync(folder, { recursive: true }));

async function findingsOf(text: string) {
  writeFileSync(join(folder, 'role.yaml'), text);
  const { definitions, findings } = loadDefinitions('.', { cwd: folder });
  const checked = definitions && (await checkDefinitions(definitions, { today: '2026-11-30' }));
  return {
    definitions,
    findings: [...findings, ...(checked?.findings ?? [])].filter(({ severity }) => severity === 'error'),
  };
}

/** The path of the innermost value or key that begins where a finding points. */
function pathAt(document: Document.Parsed, counter: LineCounter, { at }: Finding): Path {
  const offset = (counter.lineStarts[at.line - 1] ?? 0) + at.column - 1;
  let found: Path = [];
  const walk = (node: unknown, path: Path): void => {
    const { range } = node as { range?: readonly number[] };
    if (range?.[0] === offset) found = path;
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        const inner = [...path, (key as { value: string }).value];
        if ((key as { range?: readonly number[] }).range?.[0] === offset) found = inner;
        walk(value, inner);
      }
    } else if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index]);
    }
  };
  walk(document.contents, []);
  return found;
}

/** Follows a hint; false where it leaves something to decide. */
function follow(document: Document.Parsed, path: Path, { hint, id }: Finding): boolean {
  const [section, index] = path;
  const own: Path = [section ?? '', index ?? 0];
  const [, text] = /^Write `([^`]+)`\.$/.exec(hint) ?? [];
  if (hint.startsWith('Move the statement to `deny:`')) {
    const moved = document.getIn(own);
    if (!isMap(moved)) return false;
    document.deleteIn(own);
    moved.delete(String(path.at(-1)));
    if (document.has('deny')) document.addIn(['deny'], moved);
    else document.set('deny', document.createNode([moved]));
  } else if (hint.startsWith('Remove the key;') || hint === 'Remove the repetition.') document.deleteIn(path);
  else if (hint.startsWith('Remove it') && path.length > 1) {
    document.deleteIn(path);
    const list = document.getIn(path.slice(0, -1));
    if (isSeq(list) && list.items.length === 0) document.deleteIn(path.length > 2 ? own : [section ?? '']);
  } else if (text !== undefined && id === 'known-action') document.setIn(path, text);
  else if (/^Add `"Null": \{ (.+): false \}` to the same statement\.$/.test(hint)) {
    const [, key = ''] = /\{ (.+): false/.exec(hint) ?? [];
    document.setIn([...own, 'conditions', 'Null'], document.createNode({ [key]: false }));
  } else if (text !== undefined && id === 'condition-fails-open') {
    const operator = path[3] ?? '';
    const keys = document.getIn([...own, 'conditions', operator]);
    document.deleteIn([...own, 'conditions', operator]);
    document.setIn([...own, 'conditions', text], keys);
  } else return false;
  return true;
}

async function followed(statements: readonly Written[]): Promise<PolicyDocument | undefined> {
  let text = JSON.stringify(
    {
      kind: 'Role',
      name: 'task',
      purpose: 'Do one task.',
      access: 'write',
      gate: 'mfa',
      companions: ['sqs'],
      allow: statements,
    },
    null,
    1,
  );
  for (let round = 0; round < 24; round++) {
    const { definitions, findings } = await findingsOf(text);
    const counter = new LineCounter();
    const document = parseDocument(text, { lineCounter: counter });
    const done = findings.some((finding) => follow(document, pathAt(document, counter, finding), finding));
    if (!done) {
      const [role] = definitions?.environments[0]?.roles ?? [];
      return role && permissions(role);
    }
    text = document.toString();
  }
  return undefined;
}

test('following every mechanical hint permits nothing that the statements did not', async () => {
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(statement, { minLength: 1, maxLength: 3 }), async (statements) => {
      const after = await followed(statements);
      if (after === undefined) return;
      compared++;
      const before: PolicyDocument = { Version: '2012-10-17', Statement: statements.flatMap(possible).map(inIam) };
      expect(compare(before, after, { resourcePolicies: 'ignore' })).toEqual({ kind: 'not-widened' });
    }),
    { numRuns: 40 },
  );
  // Not because nothing was ever left to compare.
  expect(compared).toBeGreaterThan(2);
});

test('a deny of exactly what another statement allows is not called a repetition', async () => {
  const statement = { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::a/*'] };
  const after = await followed([statement, { effect: 'deny', ...statement }]);
  expect(after?.Statement).toEqual([
    { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::a/*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::a/*' },
  ]);
});

test('a deny that was written under `allow` ends as a deny', async () => {
  const after = await followed([
    { actions: ['s3:PutObject'], resources: ['arn:aws:s3:::a/*'] },
    { effect: 'deny', actions: ['s3:PutObject'], resources: ['arn:aws:s3:::a/keep/*'] },
  ]);
  expect(after?.Statement).toEqual([
    { Effect: 'Allow', Action: 's3:PutObject', Resource: 'arn:aws:s3:::a/*' },
    { Effect: 'Deny', Action: 's3:PutObject', Resource: 'arn:aws:s3:::a/keep/*' },
  ]);
});
