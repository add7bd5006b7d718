// Holds one PostgreSQL server for the process that started it: the server lives exactly as long as this
// process's stdin stays open, so it ends with its owner however the owner ends, SIGKILL included.
//
// Argument: JSON { command, args, uid?, gid?, folders }. The folders are removed when the server was ended by its owner.
// A line on stdin names a signal, SIGINT or SIGQUIT: the server is ended by it, and started again.
// The server's log is passed through on stdout; the exit code is the server's.
import { spawn, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import process from 'node:process'
import { createInterface } from 'node:readline'

const { command, args, uid, gid, folders } = JSON.parse(process.argv[2])

// The owner may be gone: a log that can't be written must not end the keeper before its server.
process.stdout.on('error', () => {})

let disowned = false
let restarting = false
let server = start()

function start() {
  const started = spawn(command, args, { uid, gid, stdio: ['ignore', 'pipe', 'pipe'], windowsHide: true })
  for (const stream of [started.stdout, started.stderr]) stream.pipe(process.stdout, { end: false })
  started.on('error', (error) => process.stdout.write(`${error.message}\n`))
  started.on('close', (code) => {
    if (restarting && !disowned) {
      restarting = false
      server = start()
      return
    }
    if (disowned)
      for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
    process.exit(code ?? 1)
  })
  return started
}

// SIGINT asks PostgreSQL for its fast shutdown, SIGQUIT for the immediate one. Windows has neither.
const stop = (signal) => {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(server.pid), '/f', '/t'])
  else server.kill(signal)
}

createInterface({ input: process.stdin }).on('line', (signal) => {
  restarting = true
  stop(signal)
})
process.stdin.on('close', () => {
  disowned = true
  stop('SIGINT')
  setTimeout(() => stop('SIGQUIT'), 10_000).unref()
})
// A signal meant for the owner's process group must not stop the server under it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => {})
