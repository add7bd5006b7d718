// What the children of the tests' pools run: one function for each way a run can go.
import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, existsSync, writeFileSync, writeSync } from 'node:fs'
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises'

const kept = []

function keep(megabytes) {
  kept.push(Buffer.alloc(megabytes * 2 ** 20, 1))
}

/** Never ends, and uses no CPU time. */
function hang() {
  return new Promise(() => setInterval(() => {}, 60_000))
}

function loop() {
  for (;;);
}

function aborted(signal) {
  return new Promise((resolve) => signal.addEventListener('abort', resolve))
}

/** Lets others run, so that what was left behind comes to its turn. */
async function waitForFile(file) {
  while (!existsSync(file)) await delay(5)
}

const deeds = {
  returns: ({ value }) => value,
  pid: () => process.pid,
  /** Leaves a line that it began, then does something else. */
  marks: ({ file, line, then }, context) => {
    appendFileSync(file, `${line}\n`)
    return then === undefined ? process.pid : deeds[then.do](then, context)
  },
  /** Says where it is, then loops. */
  marksAndLoops: () => {
    console.log(`looping in ${process.pid}`)
    loop()
  },
  blocksFor: ({ ms }) => {
    const until = process.hrtime.bigint() + BigInt(ms) * 1_000_000n
    while (process.hrtime.bigint() < until);
    return ms
  },
  sleeps: ({ ms }) => delay(ms, ms),
  throws: ({ message }) => {
    throw Object.assign(new RangeError(message), { code: 'E_TEST', detail: { depth: [1] } })
  },
  throwsValue: ({ value }) => {
    throw value
  },
  throwsHostile: () => {
    throw new Proxy(
      {},
      {
        get: () => {
          throw new Error('no')
        },
        getPrototypeOf: () => {
          throw new Error('no')
        },
      },
    )
  },
  rejectsLate: async () => {
    await delay(20)
    throw new Error('late')
  },
  exits: ({ code }) => process.exit(code),
  aborts: () => process.abort(),
  throwsInTimer: () => {
    setTimeout(() => {
      throw new Error('in a timer')
    })
    return hang()
  },
  rejectsUnhandled: () => {
    void Promise.reject(new Error('nobody handles it'))
    return hang()
  },
  loops: loop,
  hangs: hang,
  async hangsOrLoops({ after }, { signal }) {
    await aborted(signal)
    return after === 'loop' ? loop() : hang()
  },
  async leaks() {
    for (;;) {
      keep(5)
      await delay(100)
    }
  },
  keeps: async ({ megabytes, file }) => {
    keep(megabytes)
    if (file !== undefined) await waitForFile(file)
    return megabytes
  },
  keepsAfterwards: ({ megabytes }) => {
    setTimeout(() => keep(megabytes), 20)
  },
  /** Needs `--expose-gc`. */
  frees: async ({ megabytes }) => {
    const before = process.memoryUsage.rss()
    Buffer.alloc(megabytes * 2 ** 20, 1)
    while (process.memoryUsage.rss() > before + 20 * 2 ** 20) {
      globalThis.gc()
      await nextTurn()
    }
  },
  fillsHeap: () => {
    const all = []
    for (;;) all.push(new Array(1000).fill({}))
  },
  /** Its end waits for its last line, and its process dies meanwhile. */
  throwsThenDies: () => {
    process.stdout.write('not read in time\n')
    setTimeout(() => process.exit(5), 50)
    throw new Error('told in time')
  },
  returnsUnclonable: () => () => {},
  returnsMegabytes: ({ megabytes }) => 'x'.repeat(megabytes * 2 ** 20),
  async waits({ file, value }) {
    await waitForFile(file)
    return value
  },
  /** Says that it began, and waits. */
  async beginsAndWaits({ began, file, value }) {
    writeFileSync(began, String(process.pid))
    await waitForFile(file)
    return value
  },
  beginsAndBlocks: ({ began, file }) => {
    writeFileSync(began, String(process.pid))
    while (!existsSync(file));
  },
  blocksAfterwards: () => {
    setTimeout(loop)
  },
  /** Blocks the event loop until a file is there. */
  blocks: ({ file, value }) => {
    while (!existsSync(file));
    return value
  },
  rejectsOnAbort: async (_, { signal }) => {
    if (!signal.aborted) await aborted(signal)
    throw new Error('something else')
  },
  returnsOnAbort: async ({ began }, { signal }) => {
    if (began !== undefined) writeFileSync(began, String(process.pid))
    if (!signal.aborted) await aborted(signal)
    return { name: signal.reason.name, code: signal.reason.code }
  },
  /** Leaves a timer behind that throws once a file is there. */
  leavesThrower: ({ file }) => {
    void waitForFile(file).then(() => {
      setTimeout(() => {
        throw new Error('left behind')
      })
    })
  },
  async handlesTermination() {
    process.on('SIGTERM', () => {
      process.stdout.write('cleaned up\n')
      process.exit(9)
    })
    await hang()
  },
  /** Starts a process that outlives this run, if nobody ends it. */
  spawns: async ({ then }) => {
    const grandchild = spawn(process.execPath, ['--eval', 'setInterval(() => {}, 60_000)'], {
      stdio: 'ignore',
    })
    grandchild.unref()
    console.log(`grandchild ${grandchild.pid}`)
    return then === undefined ? grandchild.pid : deeds[then.do](then, {})
  },
  /** Writes texts, or bytes given as arrays, each in a turn of its own. */
  prints: async ({ texts, stream = 'stdout', then }, context) => {
    for (const text of texts) {
      process[stream].write(typeof text === 'string' ? text : Uint8Array.from(text))
      await nextTurn()
    }
    return then === undefined ? null : deeds[then.do](then, context)
  },
  /** Writes past what Node knows of. */
  printsRaw: ({ text }) => {
    writeSync(1, text)
    spawnSync('echo', ['from a process it started'], { stdio: ['ignore', 'inherit', 'inherit'] })
    throw new Error('tell what it wrote')
  },
  /** Writes many lines in one turn. */
  floods: ({ lines, width = 90, then }, context) => {
    const rest = 'x'.repeat(width)
    for (let line = 1; line <= lines; line += 1) process.stdout.write(`line ${line} ${rest}\n`)
    return then === undefined ? lines : deeds[then.do](then, context)
  },
  disconnects: () => {
    process.disconnect()
    return hang()
  },
  sendsNonsense: async () => {
    process.send('text')
    process.send({ kind: 'returned', run: 'none' })
    process.send({ kind: 'of my own' })
    await nextTurn()
    return 'sane'
  },
}

export async function setup(data) {
  const { setup: deed, ...rest } = data ?? {}
  if (deed !== undefined) await setups[deed](rest)
}

const setups = {
  throws: () => {
    throw new Error('the cellar is flooded')
  },
  exits: ({ code }) => process.exit(code),
  hangs: hang,
  prints: ({ text }) => {
    process.stdout.write(text)
  },
  keeps: ({ megabytes }) => keep(megabytes),
  /** Fails until the file is there. */
  needs: ({ file }) => {
    if (!existsSync(file)) throw new Error('not yet')
  },
  /** Dies of an exception as soon as it has nothing else to do. */
  diesSoon: () => {
    setTimeout(() => {
      throw new Error('died of boredom')
    }, 50)
  },
}

export default (deed, context) => deeds[deed.do](deed, context)
