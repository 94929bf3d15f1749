import { evaluate, PolicyError, prepare } from '@leasehold/policy';
import { type Case, loadTables } from './evaluate-cases';

const tables = loadTables();

describe.each(tables)('$concept, $topic: $rule', ({ cases }) => {
  it.each(cases)('$name', (one) => {
    expect(answerOf(one)).toMatchObject(one.expect);
  });
});

describe('the tables as a whole', () => {
  const cases = tables.flatMap((table) => table.cases);

  it('hold at least 400 cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(400);
  });

  it('name every case once in its table', () => {
    for (const table of tables) {
      const names = table.cases.map(({ name }) => name);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  it('ask no question twice', () => {
    const questions = cases.map(({ request, documents }) => JSON.stringify([request, documents]));
    expect(questions.length - new Set(questions).size).toBe(0);
  });

  it('name a page or a rule for every case', () => {
    for (const { source } of cases)
      expect(source).toMatch(/^https:\/\/(docs\.aws\.amazon\.com|www\.rfc-editor\.org)\/\S+$/);
  });
});

function answerOf({ request, documents }: Case): object {
  try {
    const { lacking, rule, ...verdict } = evaluate(request, prepare(documents));
    return { ...verdict, lacking: lacking.map(({ kind }) => kind), rule: rule?.id };
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return { error: error.code, path: error.path };
  }
}
