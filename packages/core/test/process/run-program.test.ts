import { describe, expect, it } from '@jest/globals'
import { startNode } from '@sisy/test-kit'
import { builtModule } from '../built-module.js'

function run(main: string, logLevel = 'info') {
  const script = `
    import { runProgram } from '${builtModule('process/run-program.js')}'
    import { ConfigError } from '${builtModule('errors/errors.js')}'
    await runProgram({ name: 'probe', logLevel: () => '${logLevel}', main: async () => { ${main} } })
  `
  return startNode(['--input-type=module', '--eval', script]).ended
}

describe('runProgram', () => {
  it('ends with 0, whatever user code left open, after everything is written', async () => {
    const ended = await run(`setInterval(() => {}, 1000); console.log('x'.repeat(300_000))`)
    expect({ code: ended.code, length: ended.stdout.length }).toEqual({ code: 0, length: 300_001 })
  })

  it('ends with the code its program returns', async () => {
    expect(await run('return 3')).toMatchObject({ code: 3, stderr: '' })
  })

  it('tells of an error of ours in one line', async () => {
    expect(await run(`throw new ConfigError('The setting x is bad.', {})`)).toMatchObject({
      code: 1,
      stderr: 'probe: The setting x is bad.\n',
    })
  })

  it('tells of a database that is not there', async () => {
    expect(
      await run(
        `throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED', address: '::1', port: 1 })`,
      ),
    ).toMatchObject({
      code: 1,
      stderr:
        'probe: The database at ::1:1 cannot be reached. Start it, or correct the connection string (usually DATABASE_URL).\n',
    })
  })

  it('tells of an unexpected error in one line, and of its place only when debugging', async () => {
    expect(await run(`throw new TypeError('x is\\nnot a function')`)).toMatchObject({
      code: 1,
      stderr: 'probe: unexpected error: x is not a function\n',
    })
    expect((await run(`throw new TypeError('oops')`, 'debug')).stderr).toMatch(
      /^probe: unexpected error: oops\nTypeError: oops\n +at /,
    )
  })

  it('goes on when nobody reads its output any more', async () => {
    const program = startNode([
      '--input-type=module',
      '--eval',
      `
      import { runProgram } from '${builtModule('process/run-program.js')}'
      await runProgram({ name: 'probe', logLevel: () => 'info', main: async () => {
        const closed = new Promise((resolve) => process.stdout.on('error', resolve))
        const writing = setInterval(() => console.log('line'), 1)
        await closed
        clearInterval(writing)
        return 5
      } })
    `,
    ])
    program.child.stdout?.destroy()
    expect((await program.ended).code).toBe(5)
  })
})
