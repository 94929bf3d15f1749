/**
 * Three answers instead of two. Where AWS's pages leave a question open the answer is `unsure`, and the statement is read
 * against the request: an Allow does not match, a Deny does.
 */
export type Answer = 'yes' | 'no' | 'unsure';

export const answer = (holds: boolean): Answer => (holds ? 'yes' : 'no');

const strongest = (answers: readonly Answer[], order: readonly Answer[]) =>
  order.find((one) => answers.includes(one)) ?? (order.at(-1) as Answer);

export const all = (answers: readonly Answer[]): Answer => strongest(answers, ['no', 'unsure', 'yes']);
export const any = (answers: readonly Answer[]): Answer => strongest(answers, ['yes', 'unsure', 'no']);
export const not = (one: Answer): Answer => (one === 'unsure' ? one : answer(one === 'no'));

/** The common answer of all readings of AWS's words; `unsure` where they differ. */
export const agreed = (answers: readonly Answer[]): Answer =>
  answers.every((one) => one === answers[0]) ? (answers[0] as Answer) : 'unsure';
