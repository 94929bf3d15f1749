/**
 * The format that a model's answer must have: the schema of the answer, in the form that each provider's API accepts.
 */
import * as z from 'zod';
import type { Json } from '../canonical';
import { answerSchema } from '../verdict/answer';

/** A JSON Schema. */
export type JsonSchema = { readonly [key: string]: Json | undefined };

/** The tool that a model must call. The tool's input is the answer. */
export const ANSWER_TOOL = 'answer';
export const ANSWER_DESCRIPTION = 'Submits your answer to the request. Call this tool once.';

/** Maximum number of tokens that a model may write. Sufficient for an answer with 200 actions and some reasoning. */
export const MOST_TOKENS = 4096;

/**
 * The input schema of the tool. Its top level contains only `type`, `properties` and `required`, because every model
 * accepts these. The schema is looser than the answer's schema, so the validator checks the rest. Source:
 * https://docs.aws.amazon.com/nova/latest/userguide/tool-use-definition.html
 */
export function toolSchema(): JsonSchema {
  const { type, properties, required } = z.toJSONSchema(answerSchema) as JsonSchema;
  return { type, properties, required };
}

const pairs = z.array(z.strictObject({ name: z.string(), value: z.string() }));

/**
 * The schema for structured output. Such a schema must name every key of an object, so parameters are a list of names
 * and values. It omits limits on text lengths, because some servers do not accept them. The validator enforces these
 * limits. Source: https://developers.openai.com/api/docs/guides/structured-outputs
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

/**
 * Converts an answer that follows {@link strictSchema}. Content that does not match is left unchanged, so that the
 * validator rejects it.
 */
export function fromStrict(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null || !('parameters' in answer)) return answer;
  const read = pairs.safeParse(answer.parameters);
  if (!read.success) return answer;
  const names = read.data.map(({ name }) => name);
  if (new Set(names).size < names.length) return answer;
  return { ...answer, parameters: Object.fromEntries(read.data.map(({ name, value }) => [name, value])) };
}
