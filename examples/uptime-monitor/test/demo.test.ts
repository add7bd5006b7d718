import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createScratchDatabase, startNode, type ScratchDatabase } from '@sisy/test-kit'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('../scripts/start.mjs', import.meta.url))
let database: ScratchDatabase

beforeAll(async () => {
  database = await createScratchDatabase({ schema: 'none' })
})
afterAll(() => database.drop())

const startDemo = () => startNode([script], { env: { DATABASE_URL: database.url } })

test('shows the runs of separate processes, and ends in order when asked to', async () => {
  const demo = startDemo()
  await demo.line('Check Fast shop')
  demo.child.kill('SIGTERM')
  const { code, stdout, stderr } = await demo.ended
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/in its schema sisy_uptime_monitor/)
  expect(stdout).toMatch(/done +Check Fast shop +.* 200 in \d+ ms/)
  expect(stdout).toMatch(/Ended in order: \d+ due, 0 running, .* [1-9]\d* done, 0 failed/)
})

test('fails when one of its processes dies', async () => {
  const demo = startDemo()
  const pid = new Promise<number>((resolve) => {
    createInterface(demo.child.stdout!).on('line', (line) => {
      const found = /sisy-worker \(pid (\d+)\)/.exec(line)
      if (found) resolve(Number(found[1]))
    })
  })
  process.kill(await pid, 'SIGKILL')
  const { code, stderr } = await demo.ended
  expect(code).toBe(1)
  expect(stderr).toMatch(/^uptime-monitor: sisy-worker was ended by SIGKILL/)
})

test('refuses what it does not know', async () => {
  const { code, stderr } = await startNode([script, '--fro', '20']).ended
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(/^uptime-monitor: Unknown: --fro 20\. Known is/),
  })
})
