/** The walk over JSON text agrees with `JSON.parse` about what is JSON and what it says. */
import fc from 'fast-check';
import { PlanError, readPlan } from '../../../lib/review/plan';
import { JsonReader } from '../../../lib/review/plan/json-reader';
import { JsonFault, skipValue } from '../../../lib/review/plan/json-scan';
import { aChange, aPlan } from './small-plans';

const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 300);

/** Whether the whole text is one JSON value; `undefined` where a key stands twice. */
function isJsonText(text: string): boolean | undefined {
  const bytes = Buffer.from(text);
  try {
    const reader = new JsonReader(bytes);
    reader.skip();
    reader.finish();
    return true;
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    return error.kind === 'duplicate-key' || error.kind === 'too-deep' ? undefined : false;
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Text that is nearly JSON: a value, with some characters replaced. */
const nearlyJson = fc
  .tuple(
    fc.json({ maxDepth: 4 }),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'{}[]",:\\0.-+eEu1atf\n\u0001 é')), { maxLength: 3 }),
  )
  .map(([text, edits]) =>
    edits.reduce((edited, [at, char]) => {
      const index = at % Math.max(1, edited.length);
      return edited.slice(0, index) + char + edited.slice(index + 1);
    }, text),
  );

it('takes what JSON.parse takes and refuses what it refuses', () => {
  fc.assert(
    fc.property(nearlyJson, (text) => {
      const taken = isJsonText(text);
      if (taken !== undefined) expect(taken).toBe(parses(text));
    }),
    { numRuns: RUNS },
  );
});

it('reads the value that JSON.parse reads, and ends where it ends', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 1, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const bytes = Buffer.from(text);
      expect(skipValue(bytes, 0)).toBe(bytes.length);
      expect(JSON.stringify(new JsonReader(bytes).take())).toBe(JSON.stringify(value));
    }),
    { numRuns: RUNS },
  );
});

it('sees a key that stands twice, however it is written and however many there are', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 60 }),
      fc.nat(),
      fc.boolean(),
      (keys, at, escaped) => {
        const again = keys[at % keys.length] ?? '';
        const codes = [...Array(again.length).keys()].map((index) => again.charCodeAt(index));
        const written = escaped
          ? `"${codes.map((code) => `\\u${code.toString(16).padStart(4, '0')}`).join('')}"`
          : JSON.stringify(again);
        const fields = keys.map((key) => `${JSON.stringify(key)}:1`);
        const once = `{${fields.join(',')}}`;
        const twice = `{${[...fields, `${written}:2`].join(',')}}`;
        expect(isJsonText(once)).toBe(true);
        expect(isJsonText(twice)).toBeUndefined();
        expect(isJsonText(`[${twice}]`)).toBeUndefined();
      },
    ),
    { numRuns: RUNS },
  );
});

const whole = JSON.stringify(
  aPlan({ resource_changes: [aChange(), aChange({ address: 'b.c' })], configuration: { root_module: {} } }),
);

it('refuses a plan that is cut off anywhere, and says where', () => {
  for (let length = 0; length < whole.length; length += 1) {
    let fault: unknown;
    try {
      readPlan(whole.slice(0, length));
    } catch (error) {
      fault = error;
    }
    expect(fault).toBeInstanceOf(PlanError);
    expect((fault as PlanError).code).toBe(length === 0 ? 'empty' : 'truncated');
    if (length > 0) expect((fault as PlanError).offset).toBe(length);
  }
});
