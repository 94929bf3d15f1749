/** The form in which a model is made to answer: the answer's schema, as each interface takes it. */
import * as z from 'zod';
import type { Json } from '../canonical';
import { answerSchema } from '../verdict/answer';

/** A JSON Schema. */
export type JsonSchema = { readonly [key: string]: Json | undefined };

/** The tool that a model is made to call; its input is the answer. */
export const ANSWER_TOOL = 'answer';
export const ANSWER_DESCRIPTION = 'Gives your answer to the request. Call it once.';

/** Most tokens that a model may write: an answer with 200 actions, and some room to think. */
export const MOST_TOKENS = 4096;

/**
 * The tool's input. At its top stand `type`, `properties` and `required` alone, which is all that every model takes.
 * The validator refuses what a looser schema lets through.
 * Source: https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html
 */
export function toolSchema(): JsonSchema {
  const { type, properties, required } = z.toJSONSchema(answerSchema) as JsonSchema;
  return { type, properties, required };
}

const pairs = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/**
 * The schema of structured output, which has to name every key of an object: parameters are a list of names and values
 * in it. Lengths of texts are left out, which not every server takes; the validator holds them.
 * Source: https://developers.openai.com/api/docs/guides/structured-outputs
 */
export function strictSchema(): JsonSchema {
  const { $schema: _, ...schema } = z.toJSONSchema(
    answerSchema.extend({ parameters: pairs.describe(answerSchema.shape.parameters.description ?? '') }),
    {
      override: ({ jsonSchema }) => {
        delete jsonSchema.minLength;
        delete jsonSchema.maxLength;
      },
    },
  ) as JsonSchema;
  return schema;
}

/** The answer that was given in {@link strictSchema}. What does not fit it stays as it is, for the validator to refuse. */
export function fromStrict(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('parameters' in answer)) return answer;
  const read = pairs.safeParse(answer.parameters);
  if (!read.success) return answer;
  const names = read.data.map(({ name }) => name);
  if (new Set(names).size < names.length) return answer;
  return { ...answer, parameters: Object.fromEntries(read.data.map(({ name, value }) => [name, value])) };
}
