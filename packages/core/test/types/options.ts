// Checked by the compiler only: what the plugin's options change.
import { defineConfig, plain, sisy, type TaskContext } from '@sisy/core'
import { base, baseJs } from './clients.js'

async function report({ task }: TaskContext<{ day: string }>): Promise<string> {
  return task.userdata.day
}

const methods = {
  subscription: {
    async renew(_context: TaskContext<{ months: number }>) {
      return true
    },
  },
}

// Rows without methods: path and record.
const unbound = base.$extends(sisy(base, { callables: () => ({ report }), methods, bindRows: false }))
const row = await unbound.subscription.findFirstOrThrow()
// @ts-expect-error rows have no methods
row.renew
await unbound.subscription.create({ data: { ...row, id: 2 } })
await unbound.task.schedule('subscription.renew', { record: { id: 1 }, userdata: { months: 1 } })
await unbound.task.schedule(report, { userdata: { day: 'x' } })

// Models under other names: `run` stands for the app's own model.
const renamed = base.$extends(sisy(base, { callables: () => ({ report }), models: { task: 'TaskRun' } }))
await renamed.taskRun.schedule(report, { userdata: { day: 'x' } })
// @ts-expect-error this model is not Sisy's here
renamed.task.schedule

// Nothing registered: nothing to name.
const empty = base.$extends(sisy(base, {}))
// @ts-expect-error not registered
await empty.task.schedule(report, { userdata: { day: 'x' } })
// @ts-expect-error not registered
await empty.task.schedule('report')

// Methods of what is no model, or that are none.
// @ts-expect-error a method is a function
sisy(base, { methods: { subscription: { renew: 1 } } })
// @ts-expect-error a callable is a function
sisy(base, { callables: () => ({ report: 1 }) })

// The other generator.
const js = baseJs.$extends(
  sisy(baseJs, {
    callables: () => ({ report }),
    methods: {
      subscription: {
        async renew({ task }: TaskContext<{ months: number }>) {
          const plan: string = this.plan
          return plan.length + task.userdata.months
        },
      },
    },
  }),
)
const sub = await js.subscription.findFirstOrThrow()
const months: number = await sub.renew({ months: 1 })
await js.task.schedule(sub.renew, { userdata: { months } })
await js.task.schedule('subscription.renew', { record: { id: 1 }, userdata: { months: 1 } })
// @ts-expect-error the record is missing
await js.task.schedule('subscription.renew', { userdata: { months: 1 } })
await js.$transaction(async (tx) => {
  await tx.task.runOnce(report, { userdata: { day: 'x' } })
})

// Rows stripped of their methods.
const stripped = plain(sub)
// @ts-expect-error it was stripped
stripped.renew
await js.subscription.create({ data: { ...plain(sub), id: 3 } })
const included = plain(await js.note.findMany({ include: { subscription: true } }))
const date: Date | null | undefined = included[0]?.subscription.renewedAt
// @ts-expect-error it was stripped
included[0]?.subscription.renew

export default defineConfig({
  prisma: js,
  tasks: [{ callable: 'report', key: 'report', userdata: { day: String(date) } }],
  worker: {
    maxMemory: '512mb',
    perQueue: { mail: { concurrency: 5, maxMemory: null } },
  },
  onOutcome: ({ label, state }, outcome) => {
    if (outcome.kind === 'crashed') console.error(label, state, outcome.error.message, outcome.signal)
    // @ts-expect-error a run that was given back has no error
    if (outcome.kind === 'evicted') console.error(outcome.error)
  },
  redact: (text) => text.replaceAll(/\d{16}/g, '…'),
})

// @ts-expect-error it must return at once
defineConfig({ prisma: js, redact: async (text) => text })
// @ts-expect-error queues are not polled differently
defineConfig({ prisma: js, worker: { perQueue: { mail: { pollSeconds: 1 } } } })
