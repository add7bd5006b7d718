// Our tables as plain SQL sees them.
import { readFile } from 'node:fs/promises'
import pg from 'pg'

const schema = new URL('../../../prisma/test/schema.sql', import.meta.url)

/**
 * @param {string} url
 * @param {string} callable of the runs it is filled with
 */
export function ourTables(url, callable) {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  return {
    pool,
    setUp: async () => {
      await pool.query(await readFile(schema, 'utf8'))
    },
    clear: async () => {
      await pool.query('TRUNCATE sisy_task_run, sisy_task, sisy_task_worker')
    },
    /**
     * Ids are version 7 and ascend, as those that the plugin makes.
     * @param {number} count
     */
    fill: async (count) => {
      await pool.query(
        `INSERT INTO sisy_task_run (id, label, callable, userdata, state, "dueAt")
         SELECT (lpad(to_hex((extract(epoch FROM clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
           || lpad(to_hex(n >> 20), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid,
           $1, $1, '{"email": "ana@example.org", "months": 3}', 'due', now()
         FROM generate_series(1, $2::integer) AS n`,
        [callable, count],
      )
    },
    isDrained: async () => {
      const { rows } = await pool.query(
        `SELECT NOT EXISTS (SELECT FROM sisy_task_run WHERE state IN ('due', 'running')) AS drained`,
      )
      return rows[0].drained === true
    },
    close: () => pool.end(),
  }
}
