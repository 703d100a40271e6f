/**
 * The page's side of the desk protocol (docs/protocol.md) as a plain state machine: messages in, messages to send out.
 *
 * No socket, no timer, no clock: `desk.ts` owns those. Holds one subscribed call, the list of calls and the outbox of
 * commands that were not answered yet; these are sent again, with the same ids, after every reconnect.
 */
import { apply, emptyCall, type CallState } from './call'
import type { Command } from './pending'
import type { DeskPartial, DeskProvisional, DeskSummary, PageMessage, ServerMessage, Speaker } from './messages'

export const PROTOCOL = 1

/** Something the agent must know. `code` is one of the protocol's or the page's own. */
export interface Notice {
  code: string
  message: string
  command: Command | null
}

/** What comes of a message: what to send now, and what to tell the agent. */
export interface Outcome {
  send: PageMessage[]
  notices: Notice[]
}

export class DeskLink {
  ready = false // the server said hello on this connection
  caughtUp = false
  calls: DeskSummary[] = []
  state: CallState | null = null
  partials: Partial<Record<Speaker, DeskPartial>> = {}
  provisional: DeskProvisional | null = null
  lag = 0
  /** The call is over and is being read as a whole: its ticket may still change. */
  reading = false
  outbox: Command[] = []
  /** What the agent saw when accepting: a value that changed on the way must not go unnoticed. */
  private readonly seen = new Map<string, unknown>()

  /** The connection is gone: what was interim is no longer true. */
  closed(): void {
    this.ready = false
    this.caughtUp = false
    this.forgetInterim()
  }

  /** Follow `call` from its first event. */
  select(call: string): PageMessage[] {
    if (this.state?.call === call) return []
    const former = this.state
    this.state = emptyCall(call)
    this.caughtUp = false
    this.forgetInterim()
    if (!this.ready) return []
    const leave: PageMessage[] = former ? [{ type: 'unsubscribe', call: former.call }] : []
    return [...leave, this.subscription(this.state)]
  }

  /** Put a command into the outbox; it leaves when the server answered. `seen` is the value an accept stands for. */
  command(command: Command, seen?: unknown): PageMessage[] {
    this.outbox = [...this.outbox, command]
    if (seen !== undefined) this.seen.set(command.id, seen)
    return this.ready ? [command] : []
  }

  received(message: ServerMessage): Outcome {
    const outcome: Outcome = { send: [], notices: [] }
    switch (message.type) {
      case 'hello':
        this.hello(message.protocol ?? PROTOCOL, message.calls ?? [], outcome)
        break
      case 'call':
        this.upsert(message.summary)
        break
      case 'event':
        this.event(message.logged, outcome)
        break
      case 'caught_up':
        this.catchUp(message.call, message.seq, outcome)
        break
      case 'partial':
        if (message.call === this.state?.call) {
          this.partials = { ...this.partials, [message.speaker]: message.text ? message : undefined }
        }
        break
      case 'provisional':
        if (message.call === this.state?.call) this.provisional = message
        break
      case 'lag':
        if (message.call === this.state?.call) this.lag = message.seconds
        break
      case 'reading':
        if (message.call === this.state?.call) this.reading = message.reading
        break
      case 'done':
        this.answered(message.command)
        break
      case 'refused':
        this.refused(message.command ?? null, message.code, message.message, outcome)
        break
    }
    return outcome
  }

  private hello(protocol: number, calls: DeskSummary[], outcome: Outcome): void {
    this.ready = true
    this.calls = calls
    if (protocol !== PROTOCOL) outcome.notices.push({ code: 'protocol', message: String(protocol), command: null })
    if (this.state) outcome.send.push(this.subscription(this.state))
    outcome.send.push(...this.outbox)
  }

  private upsert(summary: DeskSummary): void {
    const others = this.calls.filter((call) => call.call !== summary.call)
    this.calls = [summary, ...others].sort((a, b) => Date.parse(b.started_at) - Date.parse(a.started_at))
  }

  private event(logged: Parameters<typeof apply>[1], outcome: Outcome): void {
    if (!this.state || logged.call !== this.state.call) return
    if (logged.seq > this.state.seq + 1) {
      outcome.send.push(this.subscription(this.state))
      return
    }
    const fresh = logged.seq > this.state.seq
    this.state = apply(this.state, logged)
    const event = logged.event
    if ('command' in event) {
      if (event.type === 'agent.accepted' && this.seen.has(event.command) && this.seen.get(event.command) !== event.value) {
        const command = this.outbox.find((candidate) => candidate.id === event.command) ?? null
        outcome.notices.push({ code: 'accepted_changed', message: String(event.value), command })
      }
      this.answered(event.command)
    }
    if (fresh && event.type === 'transcript.final') this.partials = { ...this.partials, [event.speaker]: undefined }
  }

  private catchUp(call: string, seq: number, outcome: Outcome): void {
    if (!this.state || call !== this.state.call) return
    if (seq < this.state.seq) {
      // The server knows less than this page: its data was replaced. Its log is the truth.
      this.state = emptyCall(call)
      outcome.send.push(this.subscription(this.state))
      return
    }
    this.caughtUp = true
  }

  private answered(id: string): void {
    this.seen.delete(id)
    if (this.outbox.some((command) => command.id === id)) {
      this.outbox = this.outbox.filter((command) => command.id !== id)
    }
  }

  private refused(id: string | null, code: string, message: string, outcome: Outcome): void {
    const command = this.outbox.find((candidate) => candidate.id === id) ?? null
    outcome.notices.push({ code, message, command })
    if (id !== null && code !== 'store_failed') this.answered(id) // a store that failed is asked again
  }

  private subscription(state: CallState): PageMessage {
    return { type: 'subscribe', call: state.call, after: state.seq }
  }

  private forgetInterim(): void {
    this.partials = {}
    this.provisional = null
    this.lag = 0
    this.reading = false
  }
}
