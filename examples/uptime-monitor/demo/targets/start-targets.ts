import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import { behaviours, type TargetName } from './behaviours.js'

/** Local HTTP servers to be watched, so that the demo needs no network. */
export interface Targets extends AsyncDisposable {
  readonly urls: Readonly<Record<TargetName, string>>
}

/** Starts one server per target on 127.0.0.1, on ports the system chooses; disposing ends them. */
export async function startTargets(): Promise<Targets> {
  const servers: Server[] = []
  const start = async (listener: RequestListener) => {
    const server = createServer(listener).listen(0, '127.0.0.1')
    servers.push(server)
    await once(server, 'listening')
    return urlOf(server)
  }
  return {
    urls: {
      fast: await start(behaviours.fast()),
      slow: await start(behaviours.slow()),
      flaky: await start(behaviours.flaky()),
      down: await start(behaviours.down()),
      alerts: await start(behaviours.alerts()),
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(servers.map(close))
    },
  }
}

function urlOf(server: Server): string {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server listens on no port.')
  return `http://127.0.0.1:${address.port}/`
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
