/** A list that changes while somebody chooses from it: what was meant is what was seen. */

const REACTION = 600 // ms from seeing to the key going down

/** What is shown since `since` (milliseconds), and what was shown before. */
export interface Standing<T> {
  items: readonly T[]
  since: number
  former: readonly T[]
}

/** `items` are shown from `now` on. */
export function replaced<T>(standing: Standing<T>, items: readonly T[], now: number): Standing<T> {
  return { items, since: now, former: standing.items }
}

/** The item a key for place `index` means when it goes down at `now`; undefined where there was none to be seen. */
export function meant<T>({ items, since, former }: Standing<T>, index: number, now: number): T | undefined {
  return now - since < REACTION && former.length ? former[index] : items[index]
}
