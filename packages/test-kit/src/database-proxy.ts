import { startTcpProxy, type TcpProxy } from './tcp-proxy.js'

/** A network to a database that a test can break. */
export interface DatabaseProxy extends TcpProxy {
  /** The connection string that goes through it. */
  readonly url: string
}

/** @param url connection string of the database itself. */
export async function startDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const through = new URL(url)
  const proxy = await startTcpProxy({ host: through.hostname, port: Number(through.port || 5432) })
  through.hostname = '127.0.0.1'
  through.port = String(proxy.port)
  return { ...proxy, url: through.href }
}
