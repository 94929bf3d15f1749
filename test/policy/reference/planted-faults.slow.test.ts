import { referenceAnswer } from './differential';
import { FAULTS, planted } from './planted-faults';
import { worldOf } from './worlds';

/** As many worlds as CI draws: a fault that they do not show would stay unseen. */
const WORLDS = 20_000;

describe('a fault planted in the engine', () => {
  it.each(FAULTS)('shows within 20,000 worlds: $name', (fault) => {
    const { engineAnswer } = planted(fault);
    const shows = (seed: number) => {
      const world = worldOf(seed);
      return engineAnswer(world) !== referenceAnswer(world);
    };
    let seed = 0;
    while (seed < WORLDS && !shows(seed)) seed += 1;
    expect(seed).toBeLessThan(WORLDS);
  });
});

describe('planting', () => {
  it('leaves the engine as it is', () => {
    const [fault] = FAULTS;
    expect(fault && planted(fault).engineAnswer).not.toBe(jest.requireActual('./differential').engineAnswer);
    expect(require('./differential').engineAnswer(worldOf(0))).toBe(referenceAnswer(worldOf(0)));
  });
});
