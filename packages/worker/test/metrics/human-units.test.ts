import { describe, expect, test } from '@jest/globals'
import { humanBytes, humanDuration, humanNumber } from '../../src/metrics/human-units.js'

describe('for people', () => {
  test.each([
    [0, '0'],
    [0.12345, '0.123'],
    [9.999, '10'],
    [12.345, '12.3'],
    [999.6, '1,000'],
    [12_345.6, '12,346'],
    [1_234_567, '1,234,567'],
  ])('%d is %s', (value, text) => expect(humanNumber(value)).toBe(text))

  test.each([
    [0.001, '0.001 ms'],
    [999, '999 ms'],
    [1_000, '1 s'],
    [61_500, '61.5 s'],
    [7_200_000, '7,200 s'],
  ])('%d milliseconds are %s', (ms, text) => expect(humanDuration(ms)).toBe(text))

  test('bytes are MB as memory limits mean them', () => {
    expect(humanBytes(512 * 1024 * 1024)).toBe('512 MB')
    expect(humanBytes(1_000_000)).toBe('0.954 MB')
  })
})
