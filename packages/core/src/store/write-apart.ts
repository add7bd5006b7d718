import { isRefusal } from '../errors/is-refusal.js'

/**
 * Writes items by one statement; where the database refuses that for what is in it, finds by halving the items it does not
 * take, and writes the others.
 *
 * @param write sends one statement; called for items in their order.
 * @param onRefused is told of each item that the database does not take, in that same order.
 * @throws whatever has nothing to do with the items themselves: the database cannot be reached, is stopping, is full. Some
 *   may have been written then.
 */
export async function writeApart<Item>(
  items: readonly Item[],
  write: (items: readonly Item[]) => Promise<void>,
  onRefused: (item: Item, error: unknown) => void,
): Promise<void> {
  try {
    await write(items)
  } catch (error) {
    const [first] = items
    if (first === undefined || !isRefusal(error)) throw error
    if (items.length === 1) {
      onRefused(first, error)
      return
    }
    const middle = Math.ceil(items.length / 2)
    await writeApart(items.slice(0, middle), write, onRefused)
    await writeApart(items.slice(middle), write, onRefused)
  }
}
