import { expect, it } from '@jest/globals'
import { chooseModelNames } from '../../src/init/choose-model-names.js'
import { appSchema } from '../../src/schema/app-schema.js'
import { readFragment } from '../../src/schema/fragment.js'

const fragment = readFragment()
const schemaOf = (text: string) => appSchema('schema.prisma', 'file', [{ path: 'schema.prisma', text }])

it('asks for a prefix where names are taken, telling which', async () => {
  const asked: unknown[] = []
  const ask = async (taken: readonly string[]) => {
    asked.push(taken)
    return 'Job'
  }
  const names = await chooseModelNames(schemaOf('model TaskRun {\n  id Int @id\n}'), fragment, { ask })
  expect(asked).toEqual([['TaskRun']])
  expect(names).toEqual({ Task: 'JobTask', TaskRun: 'JobTaskRun', TaskWorker: 'JobTaskWorker' })
})

it('asks nothing where they are free, or a prefix was given', async () => {
  const ask = () => Promise.reject(new Error('asked'))
  expect(await chooseModelNames(schemaOf(''), fragment, { ask })).toMatchObject({ Task: 'Task' })
  expect(
    await chooseModelNames(schemaOf('enum Task {\n  A\n}'), fragment, { ask, prefix: 'My' }),
  ).toMatchObject({
    Task: 'MyTask',
  })
})
