import { expect, it } from '@jest/globals'
import { makeAppFolder } from '@sisy/test-kit'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writePlannedFiles } from '../../src/init/planned-file.js'

it('writes all files, or leaves everything as it was', () => {
  using app = makeAppFolder({ 'schema.prisma': 'old', blocked: '' })
  const entries = () => readdirSync(app.path).filter((name) => name !== 'node_modules')
  const schema = { path: join(app.path, 'schema.prisma'), text: 'new', change: 'update' } as const
  const migration = {
    path: join(app.path, 'migrations/1_sisy/migration.sql'),
    text: 'sql',
    change: 'create',
  } as const
  const refused = { path: join(app.path, 'blocked/sisy.config.ts'), text: '', change: 'create' } as const

  expect(() => writePlannedFiles([schema, migration, refused])).toThrow(/EEXIST|ENOTDIR/)
  expect(entries()).toEqual(['blocked', 'schema.prisma'])
  expect(readFileSync(schema.path, 'utf8')).toBe('old')

  writePlannedFiles([schema, migration])
  expect(entries()).toEqual(['blocked', 'migrations', 'schema.prisma'])
  expect(readdirSync(join(app.path, 'migrations/1_sisy'))).toEqual(['migration.sql'])
})
