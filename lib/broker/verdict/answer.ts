/** The schema of a reviewer's answer. An answer that does not match the schema exactly is rejected. */
import * as z from 'zod';

export const RISKS = ['low', 'medium', 'high'] as const;

/** The schema of an answer. It is also the schema of the tool that is offered to a model. */
export const answerSchema = z.strictObject({
  decision: z.enum(['allow', 'deny', 'escalate']).describe('escalate asks one additional human'),
  role: z.string().min(1).max(64).describe('one of the roles offered'),
  actions: z.array(z.string().min(1).max(128)).min(1).max(200).describe('those of the role that the job needs'),
  parameters: z.record(z.string().max(64), z.string().max(256)).describe('a value for each free parameter of the role'),
  minutes: z.number().positive().max(60).describe('how long the task needs'),
  risk: z.enum(RISKS),
  sentence: z.string().min(1).max(500).describe('why, for the approvers'),
});

/** A reviewer's answer. The answer is only a suggestion. {@link import('./validate').validate} makes the decision. */
export type ReviewerAnswer = z.infer<typeof answerSchema>;

/** Parses an answer. @returns the answer, or the faults in it. */
export function readAnswer(answer: unknown): ReviewerAnswer | { readonly faults: readonly string[] } {
  const read = answerSchema.safeParse(answer);
  if (read.success) return read.data;
  return { faults: read.error.issues.map(({ path, message }) => `${path.join('.') || 'the answer'}: ${message}`) };
}
