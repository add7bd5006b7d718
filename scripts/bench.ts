// What our queue costs, beside others; `pnpm bench --help` says how it is called. `table` writes the tables of what was
// measured last into BENCHMARKS.md, and so does `all`. With `--quick`, which only shows that everything runs, nothing is
// installed and nothing kept.
import process from 'node:process'
import type { Contender } from './bench/contenders/contender.js'
import { describeMachine } from './bench/machine.js'
import { allMeasurements } from './bench/measurements/all-measurements.js'
import { readOptions } from './bench/read-options.js'
import { keepResults, publishResults } from './bench/report/kept-results.js'
import { asText } from './bench/report/result-table.js'
import { describePeers, installPeers, peersAreInstalled } from './bench/stage/install-peers.js'
import { openServer } from './bench/stage/open-server.js'
import { readOrTell } from './endurance/read-or-tell.js'

/** After so long a drain has been seen enough, milliseconds. */
const mostMs = { quick: 500, full: 8_000, large: 8_000 }

const measurable = allMeasurements.map(({ name }) => name)
const usage =
  'pnpm bench <name…|all|table> [--quick | --large] [--rounds N] [--jobs N] [--only NAME,…]; without a name it lists them'
const { names, size, rounds, jobs, only } = readOrTell(usage, () =>
  readOptions([...measurable, 'all', 'table']),
)
const wantedNames = names.includes('all') ? measurable : names.filter((name) => name !== 'table')

if (names.length === 0)
  for (const { name, about } of allMeasurements) console.log(`${name.padEnd(16)}${about}`)
if (wantedNames.length > 0) await bench()
if (names.includes('table') || (names.includes('all') && size !== 'quick'))
  console.log(`The tables are in ${publishResults(measurable)}.`)

async function bench(): Promise<void> {
  if (size !== 'quick' && (only === null || only.some((name) => /graphile|boss|bull/i.test(name))))
    installPeers()
  await using server = await openServer()
  const machine = describeMachine()
  const peers = peersAreInstalled()
    ? `Beside ${describePeers()}`
    : 'The peers are not installed, and left out'
  console.log(`${machine}\n${server.description}\n${peers}\n`)
  for (const { name, run } of allMeasurements.filter(({ name }) => wantedNames.includes(name))) {
    const results = await run({ server, size, rounds, jobs, mostMs: mostMs[size], wanted })
    for (const result of results) console.log(asText(result))
    const command = `pnpm bench ${[name, ...process.argv.slice(2).filter((word) => word !== '--' && !names.includes(word))].join(' ')}`
    if (size !== 'quick') keepResults(name, { machine, server: server.description, peers, command, results })
  }
}

function wanted(contenders: readonly Contender[]): readonly Contender[] {
  const hasPeers = peersAreInstalled()
  return contenders.filter(({ kind, name }) => (kind !== 'peer' || hasPeers) && isNamed(name))
}

function isNamed(name: string): boolean {
  return (
    only === null ||
    only.some((part) => (part.endsWith('*') ? name.startsWith(part.slice(0, -1)) : name === part))
  )
}
