/** The page's one store: the desk link wired to a socket, as reactive state and as the things an agent can do. */
import { computed, ref, shallowRef } from 'vue'
import { deskUrl } from './api'
import { status, type CallState, type Value } from './call'
import { lookup, t } from './i18n'
import { DeskLink, type Notice } from './link'
import type { DeskPartial, DeskProvisional, DeskSummary, PageMessage, Speaker } from './messages'
import { lastDone } from './undoing'
import { oversee, viewed } from './overseeing'
import { withPending, type Command } from './pending'
import { Socket, type Light } from './socket'

const RESEND = 3_000 // ms until a command the server could not store is sent again
const NOTICE = 9_000 // ms a notice stays
const CATCHING_UP = 250 // ms between looks at a log that is still being read
const FREQUENT: ReadonlySet<string> = new Set(['event', 'partial', 'provisional', 'lag'])

export interface ShownNotice extends Notice {
  id: number
}

const link = new DeskLink()
let socket: Socket | null = null

export const connection = ref<Light>('reconnecting')
export const calls = shallowRef<DeskSummary[]>([])
export const state = shallowRef<CallState | null>(null)
export const caughtUp = ref(false)
/** The server does not know the call in view: not yet, or no more. */
export const missing = ref(false)
/** No audio of the call in view comes, which goes on: nobody feeds it, or its feeder sends nothing. */
export const interrupted = ref(false)
export const partials = shallowRef<Partial<Record<Speaker, DeskPartial>>>({})
export const provisional = shallowRef<DeskProvisional | null>(null)
export const lag = ref(0)
/** The call in view is over and is being read as a whole: its ticket may still change. */
export const reading = ref(false)
export const outbox = shallowRef<readonly Command[]>([])
export const notices = shallowRef<ShownNotice[]>([])
/** Seconds of the call in view and when (performance clock) that was true, for a clock that `runs` on between messages. */
export const heardAt = shallowRef({ seconds: 0, since: 0, runs: false })

/** How the call in view stands; null until anything is known of it. */
export const callStatus = computed(() => {
  if (!state.value?.seq) return null
  return missing.value ? 'gone' : status(state.value)
})
export const locked = computed(() => callStatus.value === 'submitted' || callStatus.value === 'gone' || submitting.value)
export const submitting = computed(() => outbox.value.some((command) => command.type === 'submit' && command.call === state.value?.call))
/** A live call that is not the one in view. */
export const waiting = computed(
  () => calls.value.find((call) => call.status === 'live' && call.call !== state.value?.call) ?? null,
)

/** A call named in an address (`#call=c-17`), as a telephone system opens the page for the agent who answers. */
function named(address: string): string | null {
  return new URLSearchParams(new URL(address).hash.slice(1)).get('call')
}

/** A chosen call stands in the address: it shows again when the page is loaded again, and can be asked for again. */
function name(call: string | null): void {
  history.replaceState(null, '', call === null ? location.pathname + location.search : `#${new URLSearchParams({ call })}`)
}

export function start(): void {
  const call = named(location.href)
  if (call) select(call)
  addEventListener('hashchange', ({ newURL }) => {
    const other = named(newURL) // what the page itself may have written into the address meanwhile does not count
    if (other) select(other)
  })
  socket = new Socket(deskUrl(), {
    received(message) {
      oversee(message, link.state?.call ?? null)
      const outcome = link.received(message)
      const retry = outcome.notices.some((notice) => notice.code === 'store_failed')
      if (outcome.notices.some((notice) => notice.code === 'reloaded')) endTyping()
      outcome.notices.forEach(notify)
      socket?.send(outcome.send)
      if (retry) setTimeout(() => socket?.send(link.unanswered()), RESEND)
      if (message.type === 'hello' || message.type === 'call' || message.type === 'caught_up') follow()
      if (FREQUENT.has(message.type)) publishSoon(message.type === 'event' && !link.caughtUp)
      else publish()
    },
    closed() {
      link.closed()
      publish()
    },
    light: (light) => (connection.value = light),
    refusedOrigin: () => notify({ code: 'origin', message: '', command: null }),
  })
  addEventListener('beforeunload', (event) => {
    if (link.outbox.length) event.preventDefault()
  })
}

/** The call in view was chosen: it stays until its ticket is filed here. One that was filed before is being read. */
let pinned = false
/** The call in whose ticket the agent has been, also without having changed anything yet. */
let workedOn: string | null = null

/** Calls that left the view before their tickets were filed, though they were the agent's to file. */
const left = shallowRef<ReadonlySet<string>>(new Set())
let seenLive: string | null = null

export const unfiled = computed(() =>
  calls.value.filter(({ call, status }) => status !== 'submitted' && call !== state.value?.call && left.value.has(call)),
)

/** Remember the call in view if the agent was at work on it, or if it was followed while it was live. */
function leave(followed: boolean): void {
  const current = link.state
  if (!current || status(current) === 'submitted') return
  if (current.actions.length || current.call === workedOn || (followed && current.call === seenLive))
    left.value = new Set([...left.value, current.call])
}

/** The agent turns to the ticket of the call in view. */
export function workOn(): void {
  workedOn = state.value?.call ?? null
}

/** Show the newest live call, unless the agent is still at work on another. */
function follow(): void {
  const current = link.state
  const begun = current !== null && (current.actions.length > 0 || current.call === workedOn)
  const over = current !== null && (current.ended !== null || link.missing)
  const atWork = current !== null && status(current) !== 'submitted' && (!over || begun)
  if (pinned || atWork) return
  const newest = link.calls.find((call) => call.status === 'live') ?? (current ? null : link.calls[0])
  if (!newest || newest.call === current?.call) return
  leave(true)
  name(null)
  show(newest.call)
}

export function select(call: string): void {
  pinned = true
  name(call)
  if (call !== link.state?.call) leave(false)
  show(call)
  publish()
}

function show(call: string): void {
  if (call !== link.state?.call) endTyping()
  const messages = link.select(call) // also while there is no socket yet
  socket?.send(messages)
}

/** What is being typed belongs to the call in view: leaving the field makes it a value of that call's ticket. */
function endTyping(): void {
  const active = document.activeElement
  if (active instanceof HTMLElement && active.closest('[data-dirty="true"]')) active.blur()
}

let frame = 0
let look: ReturnType<typeof setTimeout> | undefined

/** What comes in many messages is shown once a frame; of a log that is still being read now and then how far it is. */
function publishSoon(reading: boolean): void {
  if (reading || document.hidden) look ??= setTimeout(publish, CATCHING_UP) // a page that nobody sees has no frames
  else if (!frame) frame = requestAnimationFrame(publish)
}

function publish(): void {
  cancelAnimationFrame(frame)
  clearTimeout(look)
  frame = 0
  look = undefined
  calls.value = link.calls
  state.value = link.state && withPending(link.state, link.outbox)
  viewed(link.state?.call ?? null)
  if (link.caughtUp && link.state && !link.state.ended) seenLive = link.state.call
  caughtUp.value = link.caughtUp
  missing.value = link.missing
  interrupted.value = !link.fed && link.state !== null && !link.state.ended
  partials.value = link.partials
  provisional.value = link.provisional
  lag.value = link.lag
  reading.value = link.reading
  outbox.value = link.outbox
  setClock()
}

function setClock(): void {
  const current = link.state
  if (!current) return
  const summary = link.calls.find((call) => call.call === current.call)
  const ends = Object.values(link.partials).map((partial) => partial?.end ?? 0)
  const seconds = Math.max(current.ended?.seconds ?? 0, current.at, summary?.seconds ?? 0, ...ends)
  const now = performance.now() / 1000
  const runs = !current.ended && !link.missing && link.fed
  const before = heardAt.value
  const shown = before.runs ? before.seconds + (now - before.since) : before.seconds
  const sameCall = clockOf === current.call
  if (!sameCall || current.ended || seconds > shown) heardAt.value = { seconds, since: now, runs }
  else if (runs !== before.runs) heardAt.value = { seconds: shown, since: now, runs }
  clockOf = current.call
}
let clockOf = ''

let noticeCount = 0
export function notify(notice: Notice): void {
  const shown = { ...notice, id: ++noticeCount }
  notices.value = [...notices.value.filter((other) => other.code !== notice.code), shown].slice(-3)
  setTimeout(() => dismiss(shown.id), NOTICE)
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id)
}

/** A notice in the agent's words, with what to do about it. */
export function noticeText(notice: Notice): string {
  const own = lookup(`notice_${notice.code}`)
  if (own) return own.replace('{0}', notice.message)
  return [notice.message, lookup(`remedy_${notice.code}`) ?? ''].filter(Boolean).join(' ')
}

// ── what the agent can do ─────────────────────────────────────────────────────────────────────────────────────────

function newId(): string {
  // randomUUID exists only in secure contexts; an intranet page is often plain http.
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

function give(make: (call: string, id: string) => Command, seen?: Value): void {
  if (!state.value || locked.value) return
  const messages: PageMessage[] = link.command(make(state.value.call, newId()), seen)
  socket?.send(messages)
  publish()
}

export const accept = (slot: string, seen: Value): void =>
  give((call, id) => ({ type: 'accept', id, call, slot }), seen)
export const edit = (slot: string, value: Value): void => give((call, id) => ({ type: 'edit', id, call, slot, value }))
export const reject = (slot: string): void => give((call, id) => ({ type: 'reject', id, call, slot }))
export const chooseTemplate = (code: string): void =>
  give((call, id) => ({ type: 'choose_template', id, call, code }))
export function submit(): void {
  pinned = false
  give((call, id) => ({ type: 'submit', id, call }))
}
/** Take back what was done last, and say what that was. */
export function undo(): void {
  const what = state.value && !locked.value ? lastDone(state.value) : null
  notify({ code: 'undo', message: what ? t('undone', what) : t('nothingDone'), command: null })
  if (what) give((call, id) => ({ type: 'undo', id, call }))
}
