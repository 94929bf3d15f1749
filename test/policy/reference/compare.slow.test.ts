import { compared, counterexample, type Pair, pairOf, widens } from './compare-search';

/** 500 pairs in CI; `npm run test:differential` asks for 20,000. */
const PAIRS = Number(process.env.LEASEHOLD_DIFFERENTIAL_PAIRS ?? 500);
const FROM = Number(process.env.LEASEHOLD_DIFFERENTIAL_FROM ?? 0);
/** How many requests are tried against each proof. */
const TRIES = 60;

describe('compare and the reference', () => {
  const answers = new Map<string, number>();
  const contradicted: object[] = [];
  const unconfirmed: object[] = [];

  beforeAll(() => {
    for (let seed = FROM; seed < FROM + PAIRS && contradicted.length + unconfirmed.length < 5; seed += 1) {
      const pair = pairOf(seed);
      if (pair !== undefined) check(pair, seed, seed % 2 === 0 ? 'ignore' : 'count');
    }
  });

  function check(pair: Pair, seed: number, resourcePolicies: 'ignore' | 'count'): void {
    const answer = compared(pair, resourcePolicies);
    const kind = answer?.kind ?? 'refused';
    answers.set(kind, (answers.get(kind) ?? 0) + 1);
    const { before, after } = pair;
    if (answer?.kind === 'widened' && !widens(pair, answer.witness, answer.beside))
      unconfirmed.push({ seed, resourcePolicies, before, after, witness: answer.witness, beside: answer.beside });
    if (answer?.kind !== 'not-widened') return;
    const found = counterexample(pair, seed, TRIES, resourcePolicies === 'count');
    if (found !== undefined) contradicted.push({ seed, resourcePolicies, before, after, ...found });
  }

  it('find no request that contradicts "not widened"', () => {
    expect(contradicted).toEqual([]);
  });

  it('agree on every witness of "widened"', () => {
    expect(unconfirmed).toEqual([]);
  });

  it.each(['widened', 'not-widened'])('have pairs enough that are %s', (kind) => {
    expect((answers.get(kind) ?? 0) / PAIRS).toBeGreaterThan(0.2);
  });
});

describe('the search', () => {
  it('finds what a proof that does not hold leaves out', () => {
    // Pairs that are widened, taken for not widened: most are refuted within the tries of one proof.
    const widened = Array.from({ length: 150 }, (_, seed) => ({ seed, pair: pairOf(seed) })).filter(
      (one): one is { seed: number; pair: Pair } =>
        one.pair !== undefined && compared(one.pair, 'ignore')?.kind === 'widened',
    );
    const refuted = widened.filter(({ seed, pair }) => counterexample(pair, seed, TRIES, false) !== undefined);
    expect(widened.length).toBeGreaterThan(20);
    expect(refuted.length / widened.length).toBeGreaterThan(0.2);
  });
});
