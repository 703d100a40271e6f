/**
 * Alerts of calls that are not in view, for whoever looks after more calls than one: each is told once.
 *
 * What a call raised before the page knew it is news only while the call goes on; calls of before are searched for.
 */
import type { CallSummary, DeskSummary } from './messages'

export interface Overseen {
  key: string
  call: string
  startedAt: string
  kind: string
  text: string
}

/** That a caller asks for confidentiality concerns the agent alone. */
const CANNOT_WAIT = /^(\d+|language)$/

const keyOf = (call: string, kind: string, text: string): string => `${call}#${kind}#${text}`

export class Overseer {
  /** What is to be told, the one that waits longest first. */
  waiting: readonly Overseen[] = []
  /** What was told before, by key; of calls that left the list nothing is kept. */
  private readonly told: Set<string>
  private live = new Set<string>()
  private met = new Set<string>()
  private greeted = false

  constructor(told: Iterable<string> = []) {
    this.told = new Set(told)
  }

  /** What need not be told again when the page is loaded again: what the person has seen. */
  get seen(): string[] {
    const waiting = new Set(this.waiting.map(({ key }) => key))
    return [...this.told].filter((key) => !waiting.has(key))
  }

  /** The list as a connection begins with it. */
  hello(calls: readonly DeskSummary[], inView: string | null): void {
    const goesOn = (call: CallSummary): boolean => call.status === 'live' || (this.greeted && this.live.has(call.call))
    for (const call of [...calls].reverse()) this.take(call, goesOn(call), inView)
    const listed = new Set(calls.map(({ call }) => call))
    for (const key of this.told) if (!listed.has(key.slice(0, key.indexOf('#')))) this.told.delete(key)
    this.greeted = true
  }

  /** A call of the list changed. */
  changed(call: DeskSummary, inView: string | null): void {
    this.take(call, call.status === 'live' || this.live.has(call.call) || !this.met.has(call.call), inView)
  }

  /** This call came into view: its alerts stand before the person's eyes. */
  viewed(call: string | null): void {
    if (this.waiting.some((one) => one.call === call)) this.waiting = this.waiting.filter((one) => one.call !== call)
  }

  /** The person has taken note of it. */
  dismiss(key: string): void {
    this.waiting = this.waiting.filter((one) => one.key !== key)
  }

  private take(call: DeskSummary, news: boolean, inView: string | null): void {
    for (const { kind, text } of call.raised ?? []) {
      const key = keyOf(call.call, kind, text)
      if (this.told.has(key) || !CANNOT_WAIT.test(kind)) continue
      this.told.add(key)
      if (news && call.call !== inView)
        this.waiting = [...this.waiting, { key, call: call.call, startedAt: call.started_at, kind, text }]
    }
    this.met.add(call.call)
    if (call.status === 'live') this.live.add(call.call)
    else this.live.delete(call.call)
  }
}
