import { describe, expect, it } from '@jest/globals'
import { didYouMean, nearestName } from '../../src/errors/did-you-mean.js'

describe('nearestName', () => {
  it.each([
    ['concurency', 'concurrency'],
    ['Concurrency', 'concurrency'],
    ['queue', 'queues'],
  ])('takes %s for %s', (name, meant) => {
    expect(nearestName(name, ['concurrency', 'queues'])).toBe(meant)
  })

  it.each(['prefix', 'q', ''])('finds nothing near "%s"', (name) => {
    expect(nearestName(name, ['concurrency', 'queues'])).toBeUndefined()
    expect(didYouMean(name, ['concurrency', 'queues'])).toBe('')
  })

  it('finds nothing where nothing is known', () => {
    expect(nearestName('queues', [])).toBeUndefined()
  })
})
