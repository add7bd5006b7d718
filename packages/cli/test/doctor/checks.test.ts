import { describe, expect, it } from '@jest/globals'
import { checkSchema } from '../../src/doctor/check-schema.js'
import { checkServer } from '../../src/doctor/check-server.js'
import { appSchema } from '../../src/schema/app-schema.js'
import { readFragment } from '../../src/schema/fragment.js'

const fragment = readFragment()
const text = fragment.models.map((model) => model.text).join('\n\n')

function lines(schema: string): string[] {
  return checkSchema(
    appSchema('/app/schema.prisma', 'file', [{ path: '/app/schema.prisma', text: schema }]),
    fragment,
    '/app',
  ).map(({ kind, text: line }) => `${kind}: ${line}`)
}

describe('checkSchema', () => {
  it('accepts the fragment, under other names too, with fields and relations of the app', () => {
    expect(lines(text)).toEqual([
      'good: The schema schema.prisma has Task, TaskRun, TaskWorker as this version needs them.',
    ])
    const added =
      '  note String?\n  team Team? @relation(fields: [teamId], references: [id])\n  teamId Int @default(1)\n  @@map("sisy_task")'
    const own = text
      .replace('model Task {', 'model Job {')
      .replace(/^( +task +)Task\?/m, '$1Job?')
      .replace('  @@map("sisy_task")', added)
    expect(lines(`${own}\nmodel Team {\n  id Int @id\n  jobs Job[]\n}`)).toEqual([
      'good: The schema schema.prisma has Job, TaskRun, TaskWorker as this version needs them.',
    ])
  })

  it('tells of every difference, and how to mend it', () => {
    const mend = 'Run npx sisy init, then npx prisma migrate dev.'
    const changed = text
      .replace(/^ +problem +String\?$/m, '')
      .replace('@default("UTC")', '@default("GMT")')
      .replace('  @@index([finishedAt], type: Brin)\n', '')
      .replace('  @@map("sisy_task_worker")', '')
    expect(lines(changed)).toEqual([
      'problem: Task.timezone is `timezone String @default("GMT")`, not `timezone String @default("UTC")`. ' +
        mend,
      `problem: Task lacks \`problem String?\`. ${mend}`,
      `problem: TaskRun lacks \`@@index([finishedAt], type: Brin)\`. ${mend}`,
      `problem: No model of the schema is mapped to "sisy_task_worker". ${mend}`,
    ])
  })

  it('tells of a field of the app that keeps rows from being inserted', () => {
    expect(
      lines(text.replace('  @@map("sisy_task_run")', '  tenant String\n  @@map("sisy_task_run")')),
    ).toEqual([
      'problem: TaskRun.tenant is required and has no default, so Sisy cannot insert rows. Make it optional, or give it a @default.',
    ])
  })
})

describe('checkServer', () => {
  it('accepts PostgreSQL 13 and later', () => {
    const server = { text: 'PostgreSQL 15.4 on x86_64-pc-linux-gnu', isPglite: false }
    expect(checkServer({ ...server, number: 130_000 })).toEqual([
      { kind: 'good', text: 'The database answers: PostgreSQL 15.4.' },
    ])
    expect(checkServer({ ...server, number: 120_017 })).toMatchObject([{ kind: 'problem' }])
  })

  it('warns of PGlite', () => {
    expect(checkServer({ text: 'PostgreSQL 17.5', number: 170_005, isPglite: true })).toMatchObject([
      {
        kind: 'problem',
        text: expect.stringContaining(
          'The database is PGlite (prisma dev starts it too), which serves one process',
        ),
      },
    ])
  })
})
