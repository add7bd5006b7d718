// Who may import whom. Each rule says what it forbids and why; `pnpm check:imports` enforces them.

const CORE_DOORS = '^packages/core/(src|dist)/(index|internal)\\.(ts|js|d\\.ts)$'

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Modules that import each other cannot be read, tested or loaded one at a time.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(@sisy/|\\.)' },
    },
    {
      name: 'core-imports-no-other-package',
      comment: 'Everything stands on core; core stands alone.',
      severity: 'error',
      from: { path: '^packages/core/src' },
      to: { path: '^(packages/(heartbeat|worker|cli|test-kit)/|@sisy/(heartbeat|worker|cli|test-kit))' },
    },
    {
      name: 'packages-stand-apart',
      comment:
        'heartbeat, worker and cli never import each other; worker/src/cli.ts alone composes `sisy-worker --heartbeat`.',
      severity: 'error',
      from: { path: '^packages/(heartbeat|worker|cli)/src', pathNot: '^packages/worker/src/cli\\.ts$' },
      to: {
        path: '^(packages/|@sisy/)(heartbeat|worker|cli)(/|$)',
        pathNot: '^packages/$1/',
      },
    },
    {
      name: 'worker-cli-composes-heartbeat-only',
      comment: 'The one exception of packages-stand-apart.',
      severity: 'error',
      from: { path: '^packages/worker/src/cli\\.ts$' },
      to: { path: '^(packages/|@sisy/)cli(/|$)' },
    },
    {
      name: 'core-through-its-doors',
      comment: 'Other packages import @sisy/core and @sisy/core/internal, never a file inside.',
      severity: 'error',
      from: { path: '^packages/(heartbeat|worker|cli|test-kit)/src' },
      to: { path: '^packages/core/', pathNot: CORE_DOORS },
    },
    {
      name: 'no-test-kit-in-products',
      comment: 'What tests use is not published.',
      severity: 'error',
      from: { path: '^packages/(core|heartbeat|worker|cli)/src' },
      to: { path: '^(packages/test-kit/|@sisy/test-kit)' },
    },
    {
      name: 'pure-core-stays-pure',
      comment: 'schedule, callable, clock and errors know neither the database nor the extension.',
      severity: 'error',
      from: { path: '^packages/core/src/(schedule|callable|clock|errors)/' },
      to: { path: '^packages/core/src/(store|extension)/' },
    },
    {
      name: 'pg-under-store-only',
      comment: 'Nothing outside the store is aware of the database.',
      severity: 'error',
      from: { path: '^packages/(core|heartbeat|worker|cli)/src', pathNot: '^packages/core/src/store/' },
      to: { path: '(^|/)(@types/)?pg(/|$)', pathNot: '^packages/' },
    },
    {
      name: 'pool-knows-no-store',
      comment: 'The subprocess pool runs anything: it knows neither the store nor Prisma.',
      severity: 'error',
      from: { path: '^packages/worker/src/subprocess/' },
      to: { path: '(^packages/core/|^@sisy/|/@prisma/|^@prisma/)' },
    },
    {
      name: 'declared-dependencies',
      comment: 'A published package imports only what its package.json declares.',
      severity: 'error',
      from: { path: '^packages/(core|heartbeat|worker|cli)/src' },
      to: {
        dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'],
        dependencyTypesNot: ['npm-peer'],
        pathNot: '/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/|/generated/' },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
    },
  },
}
