import type { TransactionClient } from '../callable/transaction-client.js'
import { openStore } from '../store/open-store.js'
import type { Store } from '../store/store.js'
import { isRawClient } from './base-client.js'
import type { SisyRuntime } from './sisy-runtime.js'
import { unextended } from './statement-client.js'

/** The store whose statements are part of a transaction of the app's own, unseen by the client's extensions. */
export function storeInTransaction(runtime: SisyRuntime, tx: TransactionClient): Store {
  const { provider, schema } = runtime
  const client = unextended(tx)
  return openStore({
    client: isRawClient(client) ? client : tx,
    provider,
    schema,
    channels: runtime.channels(),
  })
}
