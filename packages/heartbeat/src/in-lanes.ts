/**
 * Works through items, a few at a time: each lane takes the next when it has done with its last. When one fails no
 * further is taken.
 *
 * @throws what the first lane to fail threw, once all lanes have ended.
 */
export async function inLanes<Item>(
  items: AsyncGenerator<Item>,
  lanes: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const ended = await Promise.allSettled(
    Array.from({ length: lanes }, async () => {
      for await (const item of items) await work(item)
    }),
  )
  for (const lane of ended) if (lane.status === 'rejected') throw lane.reason
}
