/**
 * The page's side of the desk protocol (docs/protocol.md) as a plain state machine: messages in, messages to send out.
 *
 * No socket, no timer, no clock: `desk.ts` owns those. Holds one subscribed call, the list of calls and the outbox of
 * commands that were not answered yet; these are sent again, with the same ids, after every reconnect. Those of the call
 * in view wait until its log has been read to its end: it may be another than the one they were given on.
 */
import { apply, emptyCall, type CallState } from './call'
import type { Command } from './pending'
import type { DeskPartial, DeskProvisional, DeskRefused, DeskSummary, PageMessage, ServerMessage, Speaker } from './messages'

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
  /** The server does not know the call in view: it has not begun, or it is gone and `state` is what it had. */
  missing = false
  partials: Partial<Record<Speaker, DeskPartial>> = {}
  provisional: DeskProvisional | null = null
  lag = 0
  /** The call is over and is being read as a whole: its ticket may still change. */
  reading = false
  /** Audio of the call in view comes: somebody feeds it, and sends. */
  fed = true
  outbox: Command[] = []
  /** What the agent saw when accepting: a value that changed on the way must not go unnoticed. */
  private readonly seen = new Map<string, unknown>()

  /** The connection is gone: what was interim is no longer true. */
  closed(): void {
    this.ready = false
    this.caughtUp = false
    this.forgetInterim()
  }

  /** Follow `call` from its first event; one that is followed already is asked for again if the server did not know it. */
  select(call: string): PageMessage[] {
    const former = this.state?.call
    if (former === call && !this.missing) return []
    const held = this.outbox.filter((command) => command.call === former && !this.open(former))
    const subscription = this.fromTheStart(call)
    if (!this.ready) return []
    const leave: PageMessage[] = former === undefined || former === call ? [] : [{ type: 'unsubscribe', call: former }]
    return [...leave, subscription, ...held.filter((command) => this.open(command.call))]
  }

  /** Put a command into the outbox; it leaves when the server answered. `seen` is the value an accept stands for. */
  command(command: Command, seen?: unknown): PageMessage[] {
    this.outbox = [...this.outbox, command]
    if (seen !== undefined) this.seen.set(command.id, seen)
    return this.open(command.call) ? [command] : []
  }

  /** What was sent and not answered, to be sent again where the server could not do it. */
  unanswered(): PageMessage[] {
    if (!this.ready) return []
    const unread = this.state && !this.caughtUp && !this.missing ? [this.subscription(this.state)] : []
    return [...unread, ...this.sendable()]
  }

  received(message: ServerMessage): Outcome {
    const outcome: Outcome = { send: [], notices: [] }
    switch (message.type) {
      case 'hello':
        this.hello(message.protocol ?? PROTOCOL, message.calls ?? [], outcome)
        break
      case 'call':
        this.upsert(message.summary, outcome)
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
      case 'feed':
        if (message.call === this.state?.call) this.fed = message.connected
        break
      case 'done':
        this.answered(message.command)
        break
      case 'refused':
        this.refused(message, outcome)
        break
    }
    return outcome
  }

  private hello(protocol: number, calls: DeskSummary[], outcome: Outcome): void {
    this.ready = true
    this.caughtUp = false
    this.calls = calls
    if (protocol !== PROTOCOL) outcome.notices.push({ code: 'protocol', message: String(protocol), command: null })
    if (this.state) {
      const anew = this.missing && calls.some(({ call }) => call === this.state?.call)
      outcome.send.push(anew ? this.fromTheStart(this.state.call) : this.subscription(this.state))
    }
    outcome.send.push(...this.sendable())
  }

  private upsert(summary: DeskSummary, outcome: Outcome): void {
    if (this.missing && summary.call === this.state?.call) outcome.send.push(this.fromTheStart(summary.call))
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
      this.reload(call, outcome)
      return
    }
    this.caughtUp = true
    this.missing = false
    outcome.send.push(...this.outbox.filter((command) => command.call === call))
  }

  /**
   * The server knows less than this page: its data was replaced. Its log is the truth. What the agent wrote holds on it
   * too; the ticket is not filed unseen, and what came last there may not be what was to be taken back.
   */
  private reload(call: string, outcome: Outcome): void {
    this.outbox = this.outbox.filter((command) => command.call !== call || !['submit', 'undo'].includes(command.type))
    outcome.send.push(this.fromTheStart(call))
    outcome.notices.push({ code: 'reloaded', message: '', command: null })
  }

  private answered(id: string): void {
    this.seen.delete(id)
    if (this.outbox.some((command) => command.id === id)) {
      this.outbox = this.outbox.filter((command) => command.id !== id)
    }
  }

  private refused({ command: id = null, call = null, code, message }: DeskRefused, outcome: Outcome): void {
    if (code === 'bad_after' && call !== null) {
      if (call === this.state?.call) this.reload(call, outcome)
      return
    }
    const command = this.outbox.find((candidate) => candidate.id === id) ?? null
    outcome.notices.push({ code, message, command })
    if (id !== null && code !== 'store_failed') this.answered(id) // a store that failed is asked again
    if (code === 'unknown_call' && call !== null) this.lose(call)
  }

  /** The server has no such call: it will not have what was written of it either. */
  private lose(call: string): void {
    this.calls = this.calls.filter((listed) => listed.call !== call)
    this.outbox = this.outbox.filter((command) => command.call !== call)
    if (call !== this.state?.call) return
    this.missing = true
    this.caughtUp = false
    this.forgetInterim()
  }

  /** Forget what is known of a call, and ask for all of it. */
  private fromTheStart(call: string): PageMessage {
    this.state = emptyCall(call)
    this.missing = false
    this.caughtUp = false
    this.forgetInterim()
    return this.subscription(this.state)
  }

  /** Whether commands on `call` may leave. */
  private open(call: string): boolean {
    return this.ready && (call !== this.state?.call || this.caughtUp)
  }

  private sendable(): Command[] {
    return this.outbox.filter(({ call }) => this.open(call))
  }

  private subscription(state: CallState): PageMessage {
    return { type: 'subscribe', call: state.call, after: state.seq }
  }

  private forgetInterim(): void {
    this.partials = {}
    this.provisional = null
    this.lag = 0
    this.reading = false
    this.fed = true
  }
}
