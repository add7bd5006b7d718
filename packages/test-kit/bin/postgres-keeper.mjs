// Holds one PostgreSQL server for the process that started it: the server lives exactly as long as this
// process's stdin stays open, so it ends with its owner however the owner ends, SIGKILL included.
//
// Argument: JSON { command, args, uid?, gid?, home }. `home` is removed when the server was ended by its owner.
// The server's log is passed through on stdout; the exit code is the server's.
import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import process from 'node:process'

const { command, args, uid, gid, home } = JSON.parse(process.argv[2])

const server = spawn(command, args, { uid, gid, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
// The owner may be gone: a log that can't be written must not end the keeper before its server.
process.stdout.on('error', () => {})
for (const stream of [server.stdout, server.stderr]) stream.pipe(process.stdout, { end: false })

// SIGINT asks PostgreSQL for its fast shutdown, SIGQUIT for the immediate one. Windows has neither.
const stop = (signal) => {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(server.pid), '/f', '/t'])
  else server.kill(signal)
}

let disowned = false
server.on('error', (error) => process.stdout.write(`${error.message}\n`))
server.on('close', (code) => {
  if (disowned) rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  process.exit(code ?? 1)
})

process.stdin.resume()
process.stdin.on('close', () => {
  disowned = true
  stop('SIGINT')
  setTimeout(() => stop('SIGQUIT'), 10_000).unref()
})
// A signal meant for the owner's process group must not stop the server under it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
