/** Unit and slow tests need only Node; end-to-end tests drive real Terraform, real moto and real clients. */
const shared = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testEnvironment: 'node',
  // Leasehold's own packages are tested from their sources: nothing needs to be built first.
  testEnvironmentOptions: { customExportConditions: ['@leasehold/source', 'node', 'node-addons'] },
};

/**
 * Tests that need only Node as well, and take longer than all others together: real stores, whole accounts, whole rooms,
 * the whole catalogue of AWS, processes by the dozen.
 */
const slow = [
  'test/broker/adapters/',
  'test/broker/http/together.test',
  'test/cli/broker/',
  'test/cli/process.test',
  'test/constructs/broker/bundle.test',
  'test/constructs/random-project.test',
  'test/constructs/two-folders.test',
  'test/definitions/laws.test',
  'test/deployed/',
  'test/cli/dev/',
  'test/examples/ci-publish.test',
  'test/policy/catalogue-access.test',
  'test/policy/catalogue-condition-keys.test',
  'test/policy/catalogue-lists.test',
  'test/policy/catalogue.test',
  'test/review/mutations/',
  'test/review/render/hostile.test',
  'test/runtime/broker/real.test',
  'test/runtime/channels/slack/',
  'test/sandbox/conformance.test',
  'test/sandbox/web-identity.test',
];

module.exports = {
  // A slow or busy machine is no failure: nothing here asserts a time.
  testTimeout: 120_000,
  // jest leaves one core idle by itself, which on two cores is half of them.
  maxWorkers: '100%',
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/test/e2e/', ...slow],
    },
    {
      ...shared,
      displayName: 'slow',
      testMatch: slow.map((place) => `<rootDir>/${place}${place.endsWith('/') ? '**/*.test.ts' : '.ts'}`),
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
