import { describe, expect, it } from '@jest/globals'
import { startNode } from '@sisy/test-kit'
import { builtModule } from '../built-module.js'

/** A process that goes on until asked to end, says what it was asked, and whose time stands at what each test sets. */
function start(onDrain: string, elapsedMs: number) {
  const script = `
    import { catchShutdownSignals } from '${builtModule('process/shutdown-signals.js')}'
    const open = setInterval(() => {}, 1000)
    let now = 0
    const signals = catchShutdownSignals({ monotonic: () => now, env: {} })
    const handed = signals.handTo({
      drain: (signal) => {
        now += ${elapsedMs}
        ${onDrain}
        console.log('drain ' + signal)
      },
      stopNow: (signal) => {
        console.log('stop ' + signal)
        process.exit(7)
      },
    })
    process.on('SIGUSR2', () => {
      console.log('still here')
    })
    console.log('ready')
  `
  return startNode(['--input-type=module', '--eval', script])
}

describe('catchShutdownSignals', () => {
  it('drains at the first signal and stops at the second, of either kind', async () => {
    const program = start('', 1000)
    await program.line('ready')
    program.child.kill('SIGTERM')
    await program.line('drain SIGTERM')
    program.child.kill('SIGINT')
    expect(await program.ended).toMatchObject({ code: 7, stdout: 'ready\ndrain SIGTERM\nstop SIGINT\n' })
  })

  it('takes a copy of the first signal for the same one', async () => {
    const program = start('', 50)
    await program.line('ready')
    program.child.kill('SIGINT')
    await program.line('drain SIGINT')
    program.child.kill('SIGINT')
    program.child.kill('SIGUSR2')
    await program.line('still here')
    program.child.kill('SIGKILL')
    expect(await program.ended).toMatchObject({
      signal: 'SIGKILL',
      stdout: 'ready\ndrain SIGINT\nstill here\n',
    })
  })

  it('leaves no listener behind, so a drained program ends by itself', async () => {
    const left = `process.listenerCount('SIGINT') + process.listenerCount('SIGTERM')`
    const program = start(
      `clearInterval(open); handed[Symbol.dispose](); signals[Symbol.dispose](); console.log('left ' + (${left}))`,
      1000,
    )
    await program.line('ready')
    program.child.kill('SIGTERM')
    expect(await program.ended).toMatchObject({ code: 0, stdout: 'ready\nleft 0\ndrain SIGTERM\n' })
  })
})
