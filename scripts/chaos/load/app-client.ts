import path from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import type { Stage } from '../stage/open-stage.js'

interface Enqueued {
  readonly id: string
}

/** As much of a client with the plugin as the producer needs. */
export interface TaskClient {
  readonly task: {
    runOnce(callable: string, options: object): Promise<Enqueued | null>
    runOnceMany(callable: string, items: readonly object[]): Promise<readonly (Enqueued | null)[]>
    runIterations(callable: string, options: object): Promise<Enqueued>
    schedule(callable: string, options: object): Promise<Enqueued>
    cancel(runId: string): Promise<string>
    updateMany(change: { where: object; data: object }): Promise<unknown>
  }
}

export interface AppClient extends TaskClient {
  $transaction<T>(act: (tx: TaskClient) => Promise<T>): Promise<T>
  $disconnect(): Promise<void>
}

/** The app's own client, directly on the database. */
export async function openAppClient(stage: Stage): Promise<AppClient> {
  Object.assign(process.env, stage.env('producer'))
  const module = (await import(pathToFileURL(path.join(stage.path, 'db.mjs')).href)) as { prisma: AppClient }
  return module.prisma
}
