import { type Answered, engineAnswer, referenceAnswer, shortened } from './differential';
import { type World, worldOf } from './worlds';

/** 20,000 in CI; `npm run test:differential` asks for a million. */
const WORLDS = Number(process.env.LEASEHOLD_DIFFERENTIAL_WORLDS ?? 20_000);
/** The first seed: give another one to draw other worlds. */
const FROM = Number(process.env.LEASEHOLD_DIFFERENTIAL_FROM ?? 0);

describe('the engine and the reference', () => {
  const counts = new Map<Answered, number>();
  const differences: object[] = [];

  beforeAll(() => {
    for (let seed = FROM; seed < FROM + WORLDS && differences.length < 5; seed += 1) {
      const world = worldOf(seed);
      const engine = engineAnswer(world);
      const reference = referenceAnswer(world);
      counts.set(engine, (counts.get(engine) ?? 0) + 1);
      if (engine !== reference) differences.push({ seed, engine, reference, ...shortened(world, engine, reference) });
    }
  });

  it(`agree on ${WORLDS} random worlds`, () => {
    expect(differences).toEqual([]);
  });

  it.each<[Answered, number]>([
    ['allowed', 0.2],
    ['implicitly denied', 0.2],
    ['explicitly denied', 0.1],
    ['refused', 0.005],
  ])('have a world in which a request is %s often enough to mean something', (outcome, share) => {
    expect((counts.get(outcome) ?? 0) / WORLDS).toBeGreaterThan(share);
  });
});

describe('the random worlds', () => {
  const worlds = Array.from({ length: 5_000 }, (_, seed) => JSON.stringify(worldOf(seed)));

  it('are the same for the same seed', () => {
    expect(worlds.slice(0, 100)).toEqual(Array.from({ length: 100 }, (_, seed) => JSON.stringify(worldOf(seed))));
  });

  it.each([
    ...['StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike'],
    ...['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    ...['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
    ...['NumericGreaterThan', 'NumericGreaterThanEquals'],
    ...[
      'DateEquals',
      'DateNotEquals',
      'DateLessThan',
      'DateLessThanEquals',
      'DateGreaterThan',
      'DateGreaterThanEquals',
    ],
    ...[
      'Bool',
      'BinaryEquals',
      'IpAddress',
      'NotIpAddress',
      'ArnEquals',
      'ArnLike',
      'ArnNotEquals',
      'ArnNotLike',
      'Null',
    ],
    ...['ForAllValues:StringLike', 'ForAnyValue:StringNotEquals', 'StringEqualsIfExists', 'BoolIfExists'],
    ...['NotAction', 'NotResource', 'NotPrincipal', '2008-10-17', 'boundary', 'session', 'scopeDown', 'scps', 'rcps'],
    ...['endpoint', 'trust', 'resourceAccount'],
  ])('have %s at least ten times in 5,000', (shape) => {
    expect(worlds.filter((world) => world.includes(`"${shape}"`)).length).toBeGreaterThanOrEqual(10);
  });
});

describe('shortening', () => {
  it('leaves what the difference needs', () => {
    const found = firstWorld((world) => referenceAnswer(world) === 'explicitly denied');
    const short = shortened(found, engineAnswer(found), 'explicitly denied');
    expect(referenceAnswer(short)).toBe('explicitly denied');
    expect(JSON.stringify(short).length).toBeLessThan(JSON.stringify(found).length);
  });
});

function firstWorld(wanted: (world: World) => boolean): World {
  let seed = 0;
  while (!wanted(worldOf(seed))) seed += 1;
  return worldOf(seed);
}
