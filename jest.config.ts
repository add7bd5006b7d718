import type { Config } from 'jest'

/** Our packages' sources, so that a test needs no build of what it tests; processes that tests start run from dist. */
const OWN_PACKAGES = {
  '^@sisy/test-kit/prisma-client$': '<rootDir>/packages/test-kit/generated/prisma-client/client.ts',
  '^@sisy/test-kit/prisma-client-js$': '<rootDir>/packages/test-kit/generated/prisma-client-js/index.js',
  '^@sisy/worker/pool$': '<rootDir>/packages/worker/src/subprocess/index.ts',
  '^@sisy/([^/]+)$': '<rootDir>/packages/$1/src/index.ts',
  '^@sisy/([^/]+)/([^/]+)$': '<rootDir>/packages/$1/src/$2.ts',
}

const config: Config = {
  testMatch: ['<rootDir>/packages/*/test/**/*.test.ts', '<rootDir>/examples/*/test/**/*.test.ts'],
  globalSetup: '<rootDir>/packages/test-kit/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/packages/test-kit/jest/global-teardown.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } },
    ],
  },
  moduleNameMapper: { ...OWN_PACKAGES, '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1.ts'] },
  modulePathIgnorePatterns: ['<rootDir>/.*/dist/', '<rootDir>/packages/test-kit/generated/.*/package.json'],
  testTimeout: 30_000,
  // Half of a test's work is done in its database server and in the processes it starts.
  maxWorkers: '100%',
  errorOnDeprecated: true,
  randomize: true,
}

export default config
