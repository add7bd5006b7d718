import { expect, test } from '@jest/globals'
import { inheritedExecArgv } from '../../src/subprocess/inherited-exec-argv.js'

test.each([
  [
    ['--max-old-space-size=100', '--enable-source-maps'],
    ['--max-old-space-size=100', '--enable-source-maps'],
  ],
  [
    ['--import', 'tsx', '-r', './hook.cjs'],
    ['--import', 'tsx', '-r', './hook.cjs'],
  ],
  [['--inspect', '--inspect-brk=9230', '--inspect-port=0'], []],
  [['--input-type=module', '--eval', 'run()', '--no-warnings'], ['--no-warnings']],
  [['--input-type', 'module', '-pe', 'run()'], []],
  [['--watch', '--watch-path', './src', '--test', '--conditions=dev'], ['--conditions=dev']],
])('of %j children get %j', (given, inherited) => {
  expect(inheritedExecArgv(given)).toEqual(inherited)
})
