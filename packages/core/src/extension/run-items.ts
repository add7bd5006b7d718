import { inspect } from 'node:util'
import { about } from '../errors/about.js'
import { InvalidTaskError } from '../errors/errors.js'
import { checkRunOptions } from './call-options.js'

/**
 * Checks what `runOnceMany` is given, whoever typed it.
 *
 * @throws InvalidTaskError for items that are no array, and for an item that is no object.
 * @throws what `checkRunOptions` does for an item's options.
 */
export function checkRunItems(items: unknown): void {
  if (!Array.isArray(items)) {
    throw new InvalidTaskError(
      `The items of runOnceMany are ${inspect(items, { depth: 0 })}; give an array of objects, the options of one run each.`,
      { field: 'items', value: items },
    )
  }
  mapItems(items, checkItem)
}

/** What is made of each item; an error says of which it could not be made. */
export function mapItems<Item, Made>(items: readonly Item[], make: (item: Item) => Made): Made[] {
  // `items.map()` would pass over empty places.
  return Array.from(items, (item, index) => {
    try {
      return make(item)
    } catch (error) {
      throw about(error, `items[${index}] of runOnceMany`, { item: index }) ?? error
    }
  })
}

function checkItem(item: unknown): void {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) {
    throw new InvalidTaskError(
      `it is ${inspect(item, { depth: 0 })}; give an object of options, {} for none.`,
      {
        field: 'items',
        value: item,
      },
    )
  }
  checkRunOptions(item)
}
