import type { NodeProcess } from '@sisy/test-kit'
import { cjsJavaScript, openBinApp } from './bin-app.js'
import { until } from './test-app.js'

export const callables = `{
  hello: () => ({ pid: process.pid, supervisor: process.ppid }),
  spins: () => { console.log('spins in ' + process.pid); for (;;); },
  hangs: () => { console.log('hangs in ' + process.pid); return new Promise(() => setInterval(() => {}, 1000)) },
  slow: () => new Promise((resolve) => { console.log('slow began'); setTimeout(resolve, 500, 'ended') }),
  breaks: () => { throw new Error('broken') },
  exits: () => process.exit(3),
}`
export const files = cjsJavaScript(callables)

/** The app's configuration with these settings. */
const config = (settings: string) =>
  `module.exports = require('@sisy/core').defineConfig({ prisma: require('./src/db.js'), ${settings} })`

export type App = Awaited<ReturnType<typeof openBinApp>>

export async function openChildApp(settings = 'worker: { processes: 2, graceSeconds: 0.2 }'): Promise<App> {
  return openBinApp({ files: { ...files, 'sisy.config.js': config(settings) } })
}

export const enqueue = ({ base }: App, callable: string, more: object = {}) =>
  base.taskRun.create({ data: { label: callable, callable, ...more } })

export const runOf = ({ base }: App, id: string) => base.taskRun.findUniqueOrThrow({ where: { id } })

export const hasEnded = (app: App, id: string) =>
  until(async () => ['succeeded', 'failed', 'cancelled'].includes((await runOf(app, id)).state))

/** The pid in the next line that a callable writes of itself. */
export function pidIn(worker: NodeProcess, text: string): Promise<number> {
  return new Promise((resolve) => {
    worker.child.stdout?.on('data', (chunk: string) => {
      const found = new RegExp(`${text} (\\d+)`).exec(chunk)
      if (found !== null) resolve(Number(found[1]))
    })
  })
}
