import { describe, expect, it } from '@jest/globals'
import { readFragment } from '../../src/schema/fragment.js'
import { mergeModel } from '../../src/schema/merge-model.js'
import { readBlocks } from '../../src/schema/read-blocks.js'
import { renameModels } from '../../src/schema/rename-models.js'

const { models, indexes, sql } = readFragment()
const [task] = models
const names = { Task: 'SisyTask', TaskRun: 'SisyTaskRun', TaskWorker: 'SisyTaskWorker' }

describe('readFragment', () => {
  it('holds each model with the comment above it', () => {
    expect(
      models.map(({ name, text }) => [
        name,
        text.split('\n').filter((line) => /^(model|\/\/\/)/.test(line)).length,
      ]),
    ).toEqual([
      ['Task', 2],
      ['TaskRun', 2],
      ['TaskWorker', 2],
    ])
  })

  it('knows its indexes, and which of them results depend on', () => {
    expect(indexes.filter(({ isUnique }) => isUnique).map(({ name }) => name)).toEqual([
      'sisy_task_key_key',
      'sisy_task_run_activeKey_key',
    ])
    for (const index of indexes) expect(sql).toContain(index.sql)
  })
})

describe('renameModels', () => {
  const renamed = renameModels(models, names)

  it('renames models and the types of relations, and nothing else', () => {
    expect(renamed.map(({ name }) => name)).toEqual(['SisyTask', 'SisyTaskRun', 'SisyTaskWorker'])
    const changed = renamed.flatMap(({ members }, index) =>
      members
        .filter(({ meaning }, at) => meaning !== models[index]!.members[at]!.meaning)
        .map(({ meaning }) => meaning),
    )
    expect(changed).toEqual([
      'runs SisyTaskRun[]',
      'task SisyTask? @relation(fields: [taskId], references: [id], onDelete: SetNull)',
    ])
  })

  it('keeps the columns of a line in place where there is room', () => {
    const line = (text: string) => text.split('\n').find((candidate) => candidate.includes('@relation('))
    expect(line(renamed[1]!.text)?.indexOf('@relation')).toBe(line(models[1]!.text)?.indexOf('@relation'))
  })
})

describe('mergeModel', () => {
  const read = (text: string) => readBlocks(text)[0]!

  it('has nothing to do for a copy that only a formatter has touched', () => {
    expect(mergeModel(read(task!.text.replace(/ {2,}/g, '   ')), task!)).toBeUndefined()
  })

  it('has nothing to do for a copy with fields of the app', () => {
    expect(mergeModel(read(task!.text.replace(/\}$/, '  tenantId Int?\n}')), task!)).toBeUndefined()
  })

  it('brings an older copy up to date and keeps what the app added', () => {
    const older = task!.text
      .replace(/ {2}\/\/\/.*\n {2}problem .*\n/, '')
      .replace(/@default\("UTC"\)/, '@default("GMT")')
      .replace(/\}$/, '  /// Ours.\n  tenantId Int?\n  @@index([tenantId])\n}')
    const merged = mergeModel(read(older), task!)
    const members = read(merged!).members.map(({ meaning }) => meaning)
    expect(members).toEqual([
      ...task!.members.map(({ meaning }) => meaning),
      'tenantId Int?',
      '@@index([tenantId])',
    ])
    expect(merged).toContain('  /// Ours.\n  tenantId Int?')
  })
})
