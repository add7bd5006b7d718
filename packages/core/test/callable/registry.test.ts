import { describe, expect, test } from '@jest/globals'
import { AmbiguousCallableError, InvalidCallableError, UnknownCallableError } from '@sisy/core'
import { createRegistry } from '../../src/callable/registry.js'
import type { Implementation } from '../../src/callable/implementation.js'

const daily = function daily() {
  return 'daily'
}
const arrow = () => {}
const asynchronous = async () => Promise.resolve()
class Report {
  static title = 'report'
  static property = () => 1
  static Nested = class {}
  static get getter(): Implementation {
    throw new Error('read')
  }
  static total() {
    return 'total'
  }
  static own() {
    return 'own'
  }
  instance() {
    return 'instance'
  }
}
class Billing extends Report {
  static override own() {
    return 'nearer'
  }
}
class Sales extends Report {}

const registryOf = (callables: object, methods: object = {}) =>
  createRegistry({ callables: () => callables, methods })

describe('paths', () => {
  test('are those of functions, static methods with inherited ones, and record methods', () => {
    const registry = registryOf({ daily, arrow, asynchronous, Billing }, { subscription: { renew: daily } })
    expect(registry.paths()).toEqual([
      'daily',
      'arrow',
      'asynchronous',
      'Billing.own',
      'Billing.total',
      'Billing.property',
      'subscription.renew',
    ])
  })

  test('lead to the function, and to the class it was registered through', () => {
    const registry = registryOf({ daily, Billing }, { subscription: { renew: daily } })
    expect(registry.get('daily')).toEqual({
      kind: 'function',
      path: 'daily',
      implementation: daily,
      self: undefined,
    })
    expect(registry.get('Billing.total')).toMatchObject({ implementation: Report.total, self: Billing })
    expect(registry.get('Billing.own')).toMatchObject({ implementation: Billing.own, self: Billing })
    expect(registry.get('subscription.renew')).toMatchObject({
      kind: 'method',
      model: 'subscription',
      name: 'renew',
    })
  })

  test('that are not registered are refused with the nearest one', () => {
    const registry = registryOf({ daily })
    expect(registry.find('dayli')).toBeUndefined()
    expect(() => registry.get('dayli')).toThrow(UnknownCallableError)
    expect(() => registry.get('dayli')).toThrow(/Did you mean "daily"\? Registered: daily\./)
    for (const path of ['constructor', '__proto__', 'toString', 'Billing', '']) {
      expect(registry.find(path)).toBeUndefined()
    }
  })
})

describe('pathOf', () => {
  test('finds a function by its identity', () => {
    const registry = registryOf({ renamed: daily, Billing })
    expect(registry.pathOf(daily)).toBe('renamed')
    expect(registry.pathOf(Billing.own)).toBe('Billing.own')
    expect(registry.pathOf(Report.total)).toBe('Billing.total')
  })

  test('refuses one that is under several paths, naming all', () => {
    const registry = registryOf({ Billing, Sales, daily, nightly: daily })
    expect(() => registry.pathOf(Report.total)).toThrow(AmbiguousCallableError)
    expect(() => registry.pathOf(Report.total)).toThrow(/"Billing.total" and "Sales.total"/)
    expect(() => registry.pathOf(daily)).toThrow(/"daily" and "nightly"/)
  })

  test('refuses a class, naming its static methods', () => {
    const registry = registryOf({ Billing })
    expect(() => registry.pathOf(Billing as never)).toThrow(
      /^Billing is a class: give one of its static methods, .*Billing\.own/,
    )
  })

  test('refuses one that is not registered, with the likely path', () => {
    const registry = registryOf({ daily, Billing }, { subscription: { renew: arrow } })
    const copy = (() => {
      const daily = () => 'copy'
      return daily
    })()
    expect(() => registry.pathOf(copy)).toThrow(UnknownCallableError)
    expect(() => registry.pathOf(copy)).toThrow(/is registered as "daily".*bundler.*Use the path "daily"/)
    const named = { total: () => 'another' }
    expect(() => registry.pathOf(named.total)).toThrow(/Use the path "Billing.total"/)
    expect(() => registry.pathOf(arrow)).toThrow(/the record method "subscription.renew"/i)
    expect(() => registry.pathOf(Sales.own)).toThrow(/own is registered as "Billing.own"/)
    expect(() => registry.pathOf((() => () => {})())).toThrow(/a function without a name is not registered/i)
  })
})

describe('what cannot be registered', () => {
  const refused: [what: string, callables: object][] = [
    ['a number', { n: 1 }],
    ['null', { n: null }],
    ['an object', { n: {} }],
    ['undefined, of an import cycle', { n: undefined }],
    ['constructor', { constructor: daily }],
    ['prototype', { prototype: daily }],
    ['an own __proto__', JSON.parse('{"__proto__": 1}') as object],
    ['a __proto__ of a literal', { __proto__: daily }],
    ['a name with a dot', { 'a.b': daily }],
    ['an empty name', { '': daily }],
    [
      'a static method of a forbidden name',
      {
        Odd: class {
          static ['constructor'] = arrow
        },
      },
    ],
    ['no object', Object(daily) as object],
  ]
  test.each(refused)('%s', (_what, callables) => {
    expect(() => registryOf(callables).paths()).toThrow(InvalidCallableError)
  })

  test.each(refused)('%s as a method', (_what, methods) => {
    expect(() => registryOf({}, { subscription: methods })).toThrow(InvalidCallableError)
  })

  test('a callable of the name of a model with methods', () => {
    const registry = registryOf({ subscription: daily }, { subscription: { renew: daily } })
    expect(() => registry.paths()).toThrow(/both in `callables` and as a model/)
  })
})

describe('callables', () => {
  test('are read once, at first use, and again after a failure', () => {
    let reads = 0
    const registry = createRegistry({
      callables: () => {
        reads += 1
        if (reads === 1) throw new ReferenceError('too early')
        return { daily }
      },
    })
    expect(reads).toBe(0)
    expect(() => registry.paths()).toThrow('too early')
    expect(registry.pathOf(daily)).toBe('daily')
    expect(registry.paths()).toEqual(['daily'])
    expect(reads).toBe(2)
  })

  test('may be the namespace of a module', async () => {
    const namespace = await import('../extension/test-app.js')
    const { dailyMaintenance, Billing: TestBilling } = namespace
    const registry = createRegistry({ callables: () => namespace })
    expect(registry.pathOf(dailyMaintenance)).toBe('dailyMaintenance')
    expect(registry.find('Billing.invoiceAll')).toMatchObject({ self: TestBilling })
  })
})
