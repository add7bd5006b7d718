import { expect, test } from '@jest/globals'
import {
  memoryVerdict,
  type ChildMemoryFacts,
  type MemoryLimits,
  type MemoryVerdict,
} from '../../../src/subprocess/child/memory-verdict.js'

const idle: ChildMemoryFacts = { residentBytes: 50, freshBytes: 40, hasRun: true, running: 0 }
const limits: MemoryLimits = { maxMemory: 100, recycleMemory: 80 }

test.each<[string, Partial<ChildMemoryFacts>, Partial<MemoryLimits>, MemoryVerdict]>([
  ['below both limits', {}, {}, 'fine'],
  ['at recycleMemory', { residentBytes: 80 }, {}, 'fine'],
  ['over recycleMemory', { residentBytes: 81 }, {}, 'recycle'],
  ['over recycleMemory, running', { residentBytes: 81, running: 1 }, {}, 'fine'],
  ['over recycleMemory, before any run', { residentBytes: 81, hasRun: false }, {}, 'tight'],
  ['at maxMemory, running', { residentBytes: 100, running: 1 }, {}, 'fine'],
  ['over maxMemory, running', { residentBytes: 101, running: 1 }, {}, 'kill'],
  ['over maxMemory, its first run', { residentBytes: 101, running: 1, hasRun: false }, {}, 'kill'],
  ['over maxMemory, idle', { residentBytes: 101 }, {}, 'recycle'],
  ['no limits', { residentBytes: 1e12, running: 1 }, { maxMemory: null, recycleMemory: null }, 'fine'],
  ['no maxMemory', { residentBytes: 1e12, running: 1 }, { maxMemory: null }, 'fine'],
  ['tight from the start', { freshBytes: 90, residentBytes: 135 }, {}, 'fine'],
  ['tight from the start, and grown', { freshBytes: 90, residentBytes: 136 }, {}, 'recycle'],
])('%s', (_, child, given, verdict) => {
  expect(memoryVerdict({ ...idle, ...child }, { ...limits, ...given })).toBe(verdict)
})
