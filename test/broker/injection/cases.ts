/** Reads the attacks of `test/cases/injection`; its README says what they hold. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type Part, textOf } from './encode';

const FOLDER = join(__dirname, '../../cases/injection');

const part: z.ZodType<Part> = z.union([
  z.string(),
  z.strictObject({ as: z.string(), text: z.string() }),
  z.strictObject({ repeat: z.string(), times: z.int() }),
]);
const text = z.union([z.string(), z.array(part)]).transform((written) => textOf([written].flat()));

const harm = z.strictObject({
  action: z.string(),
  resource: z.string(),
  context: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  beside: z.strictObject({ resource: z.unknown().optional(), trust: z.unknown().optional() }).optional(),
});
/** A request to AWS that must not be allowed. */
export type Harm = z.infer<typeof harm>;

const attack = z.strictObject({
  name: z.string(),
  by: z.string().default('assistant'),
  for: z.string().nullable().default('customer-7'),
  request: z.union([
    z.strictObject({ intent: text }),
    z.strictObject({
      role: z.string(),
      reason: text,
      parameters: z.record(z.string(), text).optional(),
      actions: z.array(z.string()).optional(),
      seconds: z.number().optional(),
    }),
  ]),
  door: z.literal('shut').optional(),
  answer: z.record(z.string(), z.unknown()).optional(),
  says: z.unknown().optional(),
  expect: z.union([z.literal('refused'), z.strictObject({ humans: z.int(), minutes: z.number() })]),
  because: z.string().optional(),
  mustNot: z.array(z.string()).min(1),
});
/** One attack. */
export type Attack = z.infer<typeof attack>;

const file = z.strictObject({ kind: z.string(), cases: z.array(attack).min(1) });

/** Every attack with its kind. */
export function attacks(): readonly { readonly kind: string; readonly attack: Attack }[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json') && name !== 'harms.json')
    .sort()
    .flatMap((name) => {
      const { kind, cases } = file.parse(read(name));
      return cases.map((each) => ({ kind, attack: each }));
    });
}

/** What attackers are after, by name. */
export function harms(): Readonly<Record<string, Harm>> {
  return z.record(z.string(), harm).parse(read('harms.json'));
}

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, name), 'utf8'));
}
