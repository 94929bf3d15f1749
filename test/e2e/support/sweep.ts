/** How much an end-to-end test tries: in CI one input of a kind, in the nightly run (`npm run test:e2e:sweep`) all. */
export const SWEEP = process.env.LEASEHOLD_SWEEP === '1';
