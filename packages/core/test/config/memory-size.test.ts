import { expect, it } from '@jest/globals'
import { parseMemorySize } from '../../src/config/memory-size.js'

it.each([
  [512, 512],
  ['64kb', 65_536],
  ['512mb', 536_870_912],
  ['1.5gb', 1_610_612_736],
  ['0.1gb', 107_374_182],
  [' 2 GB ', 2_147_483_648],
])('%p is %d bytes', (value, bytes) => {
  expect(parseMemorySize(value)).toBe(bytes)
})

it.each([
  ['512'],
  ['512m'],
  ['5tb'],
  ['mb'],
  ['1,5gb'],
  ['-1gb'],
  ['1  gb'],
  [''],
  [1.5],
  [NaN],
  ['9999999999gb'],
  [true],
  [null],
])('%p is no size', (value) => {
  expect(parseMemorySize(value)).toBeUndefined()
})
