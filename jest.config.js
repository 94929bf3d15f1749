/**
 * Unit and slow tests need only Node; end-to-end tests drive real Terraform, real moto and real clients. A test file that
 * takes more than three seconds is named `*.slow.test.ts`: `npm test` leaves it out, `npm run test:slow` runs it.
 */
const shared = {
  transform: {
    '^.+\\.(ts|js)$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  // Packages that are published as ES modules only.
  transformIgnorePatterns: [
    '/node_modules/(?!(marked|string-width|strip-ansi|ansi-regex|get-east-asian-width|oauth4webapi|oidc-provider|openid-client|oidc-token-hash|jose|nanoid|eta|got|quick-lru|@sindresorhus/is|@szmarczak/http-timer|cacheable-lookup|cacheable-request|form-data-encoder|lowercase-keys|mimic-response|normalize-url|p-cancelable|responselike)/)',
  ],
  testEnvironment: 'node',
  // Leasehold's own packages are tested from their sources: nothing needs to be built first.
  testEnvironmentOptions: { customExportConditions: ['@leasehold/source', 'node', 'node-addons'] },
};

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
      testPathIgnorePatterns: ['/test/e2e/', '\\.slow\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'slow',
      testMatch: ['<rootDir>/test/**/*.slow.test.ts'],
      testPathIgnorePatterns: ['/test/e2e/'],
    },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
