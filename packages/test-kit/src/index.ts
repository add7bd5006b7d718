export type { ServerEnd } from './postgres-server/keep-server.js'
export {
  startPostgres,
  type PostgresServer,
  type PostgresServerOptions,
} from './postgres-server/start-postgres.js'
export {
  createScratchDatabase,
  type ScratchDatabase,
  type ScratchDatabaseOptions,
} from './scratch-database/create-scratch-database.js'
export { openTestServer, type TestServer, type TestServerOptions } from './scratch-database/test-server.js'
export { settableClock, type SettableClock } from './settable-clock.js'
export { recordedLog, type RecordedLog } from './recorded-log.js'
export { makeAppFolder, type AppFolder } from './app-folder.js'
export { startNode, type EndedProcess, type NodeProcess, type StartNodeOptions } from './node-process.js'
export { startDatabaseProxy, type DatabaseProxy } from './database-proxy.js'
export {
  startTransactionPooler,
  type TransactionPooler,
  type TransactionPoolerOptions,
} from './transaction-pooler.js'
export { startTcpProxy, type TcpProxy } from './tcp-proxy.js'
