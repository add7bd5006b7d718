// Imported first by a program whose machine's clock is wrong: `Date` is off by CHAOS_CLOCK_OFFSET_MS, and each SIGUSR2
// makes it jump by an hour, forward and back in turn. Monotonic time is right.
import process from 'node:process'

const hourMs = 3_600_000
const RealDate = Date
// The clock as it is, for those who keep records.
Object.assign(globalThis, { realNow: RealDate.now })
let offsetMs = Number(process.env['CHAOS_CLOCK_OFFSET_MS'] ?? 0)
let jumpMs = hourMs

process.on('SIGUSR2', () => {
  offsetMs += jumpMs
  jumpMs = -jumpMs
})

const now = () => RealDate.now() + offsetMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, made) => Reflect.construct(target, args.length === 0 ? [now()] : args, made),
  apply: () => new RealDate(now()).toString(),
  get: (target, name, receiver) => (name === 'now' ? now : Reflect.get(target, name, receiver)),
})
