import type pg from 'pg'
import { listProcesses, type SeenProcess } from '../../processes/list-processes.js'

/** CPU time of a process and of all it started, those that ended included, milliseconds; null where it is not told. */
export function cpuTimeOf(pids: readonly (number | null)[]): number | null {
  const all = listProcesses()
  const roots = pids.map((pid) => all.find((process) => process.pid === pid))
  if (!roots.every((root) => root !== undefined)) return null
  return roots.reduce((sum, root) => sum + withDescendants(root, all), 0)
}

function withDescendants(root: SeenProcess, all: readonly SeenProcess[]): number {
  const children = all.filter(({ parent }) => parent === root.pid)
  return children.reduce(
    (sum, child) => sum + withDescendants(child, all),
    root.cpuMs + root.endedChildrenCpuMs,
  )
}

/** Pid of the process that started a session's, if that is on this machine: a server's first process. */
export async function serverProcess(session: pg.Client): Promise<number | null> {
  const { rows } = await session.query<{ pid: number; port: number }>(`SELECT pg_backend_pid() AS pid`)
  const backend = listProcesses().find(({ pid, name }) => pid === rows[0]?.pid && name.startsWith('postgres'))
  return backend?.parent ?? null
}
