/** Whoever audits a lease sees every field of its events. */
import { type Assertion, assertion } from '@leasehold/contract/consent';
import { type EventBody, eventBody } from '@leasehold/contract/event';
import type * as z from 'zod';
import { paint } from '../../../lib/cli/colour';
import { renderEvents } from '../../../lib/cli/render/events';

type Path = readonly (string | number)[];

/** Fields that the table leaves out, and where an auditor finds them. */
const SHOWN_ELSEWHERE: Readonly<Record<string, string>> = {
  'requested requester.kind': 'the key names a user or a role; --json',
  'requested requester.groups.0': '--json',
  'requested subject.claims.key': 'the parameters that are bound to them; --json',
  'reviewed review.answer.0': 'the sentence is what it says; --json',
  // Whether a signature is valid, and whose key made it, is shown below the table.
  ...Object.fromEntries(
    ['approved', 'denied', 'revoked'].flatMap((type) =>
      ['credential', 'clientData', 'authenticatorData', 'signature', 'nonce'].map((field) => [
        `${type} assertion.${field}`,
        'verified, and shown by its key; --json',
      ]),
    ),
  ),
};

const ASSERTION: Assertion = {
  type: 'webauthn.assertion/1',
  credential: 'A'.repeat(43),
  clientData: 'A'.repeat(43),
  authenticatorData: 'A'.repeat(60),
  signature: 'A'.repeat(43),
  nonce: 'A'.repeat(43),
};

/** A value of a schema, with every optional member. */
function sample(schema: z.core.$ZodType): unknown {
  const { def } = schema as z.ZodType & { readonly def: { readonly type: string } };
  if (schema === assertion) return ASSERTION;
  const inner = (def as { innerType?: z.core.$ZodType }).innerType;
  switch (def.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries((schema as z.ZodObject).shape).map(([key, each]) => [key, sample(each)]),
      );
    case 'array':
      return [sample((schema as z.ZodArray).element)];
    case 'record':
      return { key: sample((schema as z.ZodRecord).valueType) };
    case 'union':
      return sample((schema as z.ZodUnion).options[0] as z.core.$ZodType);
    case 'enum':
      return (schema as z.ZodEnum).options[0];
    case 'literal':
      return (schema as z.ZodLiteral).value;
    case 'number':
      return 1;
    case 'string':
      return 'text';
    case 'custom':
      return ['text'];
    default:
      if (inner === undefined) throw new Error(`no sample of a ${def.type}: add it here`);
      return sample(inner);
  }
}

function leavesOf(value: unknown): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [[]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner).map((path): Path => [key, ...path]));
}

/** The body with another value at a place that still fits the schema; undefined where there is none. */
function changed(body: EventBody, path: Path): EventBody | undefined {
  for (const other of ['other', 90_001, ...ENUM_VALUES]) {
    const copy = JSON.parse(JSON.stringify(body));
    const holder = path.slice(0, -1).reduce((at, key) => at[key], copy);
    const last = path.at(-1) ?? '';
    if (holder[last] === other) continue;
    holder[last] = other;
    if (eventBody.safeParse(copy).success) return copy;
  }
  return undefined;
}

const ENUM_VALUES = [
  'person',
  'deny',
  'medium',
  'over-budget',
  'lapsed',
  '2008-10-17',
  `${'B'.repeat(42)}A`,
  'B'.repeat(60),
];

const rendered = (body: EventBody) =>
  renderEvents([{ lease: 'lh-1', sequence: 1, at: 0, previous: '', body }], paint(false), undefined);

const cases = eventBody.options.flatMap((option) => {
  const body = sample(option) as EventBody;
  return (
    leavesOf(body)
      // These have one value.
      .filter((path) => !['type', 'version', 'signed'].includes(String(path.at(-1))))
      .map((path) => [body.type, path.join('.'), body, path] as const)
  );
});

it.each(cases)('audit shows of %s: %s', (type, field, body, path) => {
  const other = changed(body, path);
  if (other === undefined) throw new Error(`no other value of ${field}: add one to ENUM_VALUES`);
  const elsewhere = SHOWN_ELSEWHERE[`${type} ${field}`];
  // A field that changes nothing here is missing in lib/cli/render/events.ts.
  expect([field, rendered(other) === rendered(body)]).toEqual([field, elsewhere !== undefined]);
});

it('nothing is listed as shown elsewhere that does not exist', () => {
  const fields = cases.map(([type, field]) => `${type} ${field}`);
  for (const listed of Object.keys(SHOWN_ELSEWHERE)) expect(fields).toContain(listed);
});
