/** The alerts of other calls as the page has them: what waits to be seen, what was seen in this tab, and whether to tell at all. */
import { ref, shallowRef } from 'vue'
import type { ServerMessage } from './messages'
import { Overseer, type Overseen } from './overseen'

const SEEN = 'assist.alerts.seen' // of this tab: ids of calls and the rules' own words, nothing that was said
const MUTED = 'assist.alerts.muted' // of this browser

function stored(storage: () => Storage, key: string): string | null {
  try {
    return storage().getItem(key)
  } catch {
    return null // storage is forbidden here; the page works without it
  }
}

function store(storage: () => Storage, key: string, value: string): void {
  try {
    storage().setItem(key, value)
  } catch {
    // as above
  }
}

const overseer = new Overseer(stored(() => sessionStorage, SEEN)?.split('\n') ?? [])

/** What waits to be seen, the one that waits longest first. */
export const waiting = shallowRef<readonly Overseen[]>([])
/** Somebody who has calls to take may not want to hear of those of others. */
export const muted = ref(stored(() => localStorage, MUTED) === 'yes')

/** Note what a message tells of calls that are not `inView`. */
export function oversee(message: ServerMessage, inView: string | null): void {
  if (message.type === 'hello') overseer.hello(message.calls ?? [], inView)
  else if (message.type === 'call') overseer.changed(message.summary, inView)
  else return
  publish()
}

export function viewed(call: string | null): void {
  overseer.viewed(call)
  publish()
}

export function takeNote(key: string): void {
  overseer.dismiss(key)
  publish()
}

export function mute(on: boolean): void {
  muted.value = on
  store(() => localStorage, MUTED, on ? 'yes' : 'no')
}

function publish(): void {
  if (waiting.value === overseer.waiting) return
  waiting.value = overseer.waiting
  store(() => sessionStorage, SEEN, overseer.seen.join('\n'))
}
