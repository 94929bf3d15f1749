/** What the property tests of the comparison draw. */

/** Runs a property: 500 while working, 5,000 in CI, 200,000 in the long setting. */
export const RUNS = Number(process.env.LEASEHOLD_PROPERTY_RUNS ?? 500);
