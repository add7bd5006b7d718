import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

const PRODUCT = ['packages/{core,heartbeat,worker,cli}/src/**/*.ts']
const CLOCKS = ['packages/core/src/clock/**', 'packages/worker/src/subprocess/pool-clock.ts']

const REAL_TIME =
  'comes from the injected Clock, so that tests and a measured database time can take its place.'
const realTime = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: `Time ${REAL_TIME}`,
  },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: `Time ${REAL_TIME}` },
  { selector: "CallExpression[callee.name='Date']", message: `Time ${REAL_TIME}` },
  {
    selector: "CallExpression[callee.object.name='performance'][callee.property.name='now']",
    message: `Monotonic time ${REAL_TIME}`,
  },
]
const booleanParameters = [
  {
    selector: ":function > Identifier.params[typeAnnotation.typeAnnotation.type='TSBooleanKeyword']",
    message:
      'A bare true or false says nothing at the call: take an option with a name, or make two functions.',
  },
]

export default defineConfig(
  globalIgnores(['**/dist/', '**/generated/', '**/node_modules/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts', '**/*.mts', '**/*.cts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: {
          allowDefaultProject: ['jest.config.ts', 'packages/core/tsdown.config.ts'],
          defaultProject: 'tsconfig.tools.json',
        },
      },
    },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      'max-lines': ['error', { max: 300 }],
      // Numbers are clear in a message; everything else is still checked.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => work()` for a callback that gives nothing back is common and clear.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // An empty arrow function says "do nothing" as well as any name would.
      '@typescript-eslint/no-empty-function': ['error', { allow: ['arrowFunctions'] }],
      // `{}` is how Prisma's type parameters say "nothing added".
      '@typescript-eslint/no-empty-object-type': ['error', { allowObjectTypes: 'always' }],
      // Brackets tell that the name is data, not a declared member.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      // A class is also a namespace of static methods to us: users register those.
      '@typescript-eslint/no-extraneous-class': 'off',
      // A type parameter that stands once still documents and constrains a public signature.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // An object type is written as an interface where it has a name to be extended, as a type where it is computed; taste.
      '@typescript-eslint/consistent-type-definitions': 'off',
      // An async method may have nothing to await and still owe its caller a promise, never a throw.
      '@typescript-eslint/require-await': 'off',
      // A leading underscore marks a parameter that a signature asks for and the function does not need.
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
    },
  },
  {
    files: PRODUCT,
    rules: { 'no-restricted-syntax': ['error', ...realTime, ...booleanParameters], 'no-console': 'error' },
  },
  {
    files: CLOCKS,
    rules: { 'no-restricted-syntax': ['error', ...booleanParameters] },
  },
  {
    files: ['packages/*/test/**/*.ts', 'examples/*/test/**/*.ts'],
    rules: {
      // `expect(thing.method)` names a method without calling it.
      '@typescript-eslint/unbound-method': 'off',
      // A test knows what it put there a line before.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Hostile input is part of what tests try.
      '@typescript-eslint/no-unsafe-argument': 'off',
      // What a query gave is checked by the expectation on it.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
    },
  },
  {
    // The type tests: expressions that stand there only to be checked by the compiler.
    files: ['packages/core/test/types/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      '@typescript-eslint/no-unused-vars': 'off',
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-empty-function': 'off',
    },
  },
)
