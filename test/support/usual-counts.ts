/**
 * What a random test sees at the least when it usually sees so many: four standard deviations fewer, and never nothing.
 * It keeps a generator from becoming empty talk, without failing by chance.
 */
export function atLeastOf(expected: number): number {
  return Math.max(0, expected - 4 * Math.sqrt(expected));
}
