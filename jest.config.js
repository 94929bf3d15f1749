/** Unit and slow tests need only Node; end-to-end tests drive real Terraform, real moto and real clients. */
const shared = {
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  testEnvironment: 'node',
  moduleNameMapper: {
    '^@leasehold/runtime$': '<rootDir>/runtime/src/index.ts',
    '^@leasehold/runtime/(terminal|command|socket|slack|telegram|webhook)$':
      '<rootDir>/runtime/src/channels/$1/index.ts',
    '^@leasehold/runtime/(serve|holder|exec|broker|contract|routes|scoped)$': '<rootDir>/runtime/src/$1/index.ts',
  },
};

/** Unit tests that take as long as all others together: thousands of decisions, a thousand leases at once. */
const slow = [
  '<rootDir>/test/broker/adapters/**/*.test.ts',
  '<rootDir>/test/deployed/broker.test.ts',
  '<rootDir>/test/dev/**/*.test.ts',
  '<rootDir>/test/constructs/broker/bundle.test.ts',
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
      testPathIgnorePatterns: [
        '/test/e2e/',
        '/test/dev/',
        '/test/broker/adapters/',
        '/test/deployed/broker\\.',
        '/test/constructs/broker/bundle\\.',
      ],
    },
    { ...shared, displayName: 'slow', testMatch: slow },
    { ...shared, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
