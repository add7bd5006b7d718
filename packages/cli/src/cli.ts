import { defaultTimezone, version, type Clock } from '@sisy/core/internal'
import { Command } from 'commander'
import { doctor } from './commands/doctor.js'
import { init } from './commands/init.js'
import { next } from './commands/next.js'
import { askPrefix } from './init/ask-prefix.js'

/** What surrounds the program. */
export interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly clock: Pick<Clock, 'now'>
  /** Whether somebody sits at a terminal who can be asked. */
  readonly interactive: boolean
  readonly print: (line: string) => void
}

/**
 * Runs `sisy`. `--help`, `--version` and wrong usage end the process.
 *
 * @param argv as in `process.argv`.
 * @returns the exit code.
 */
export async function runCli(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { cwd, env, clock, interactive, print } = surroundings
  let exitCode = 0
  const program = new Command('sisy')
    .description('Sets Sisy for Prisma up in an app, and checks it.')
    .version(version, '-v, --version')
    .showHelpAfterError()

  program
    .command('init')
    .description(
      'Adds the models, a migration and sisy.config.ts to the app in this folder. Safe to run again.',
    )
    .option('--schema <path>', 'the Prisma schema, a file or a folder (default: where Prisma looks)')
    .option(
      '--model-prefix <prefix>',
      "what Sisy's model names begin with (default: nothing, or Sisy where they are taken)",
    )
    .option('--yes', 'asks nothing and takes the defaults')
    .action(async (options: { schema?: string; modelPrefix?: string; yes?: true }) => {
      const ask = interactive && options.yes === undefined ? { askPrefix } : {}
      await init({ ...options, ...ask, cwd, now: clock.now(), print })
    })

  program
    .command('doctor')
    .description(
      'Checks schema, configuration, database and registered callables. Exits with 1 when there are problems.',
    )
    .option('--config <path>', 'the configuration (default: sisy.config.* in this folder)')
    .option('--schema <path>', 'the Prisma schema, a file or a folder (default: where Prisma looks)')
    .action(async (options: { config?: string; schema?: string }) => {
      exitCode = await doctor({ ...options, cwd, env }, print)
    })

  program
    .command('next')
    .description('Shows when a schedule runs, clock changes included, and says it in words.')
    .argument('<schedule>', 'the cron expression, in quotes')
    .option('--timezone <name>', 'the IANA time zone it is read in (default: SISY_TIMEZONE, else UTC)')
    .option('--count <number>', 'how many runs to show, at most 1000', '5')
    .option(
      '--after <date>',
      'ISO date to look from, in that time zone unless it has an offset (default: now)',
    )
    .option('--json', 'prints JSON')
    .action(
      (schedule: string, options: { timezone?: string; count: string; after?: string; json?: true }) => {
        const { SISY_TIMEZONE: zone = '' } = env
        const timezone = options.timezone ?? (zone.trim() === '' ? defaultTimezone : zone)
        next({ ...options, timezone, schedule, now: clock.now(), print })
      },
    )

  await program.parseAsync(argv)
  return exitCode
}
