/**
 * A websocket that comes back: reconnects with exponential back-off, and asks whether a silent connection still lives.
 * Knows nothing of calls.
 */
import type { PageMessage, ServerMessage } from './messages'

export type Light = 'connected' | 'reconnecting' | 'offline'

const FIRST_WAIT = 500 // ms; doubles up to LAST_WAIT
const LAST_WAIT = 5_000
const SILENCE = 20_000 // nothing heard for so long: ask
const ANSWER = 10_000 // and no answer in this time: the connection is dead
const OFFLINE_AFTER = 3 // failed attempts until the light turns from "reconnecting" to "offline"
const REFUSED_ORIGIN = 4403

export interface Handlers {
  received(message: ServerMessage): void
  closed(): void
  light(light: Light): void
  refusedOrigin(): void
}

export class Socket {
  private socket: WebSocket | null = null
  private attempts = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private watch: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly url: string,
    private readonly handlers: Handlers,
  ) {
    addEventListener('online', () => this.hurry())
    this.connect()
  }

  send(messages: readonly PageMessage[]): void {
    if (this.socket?.readyState !== WebSocket.OPEN) return
    for (const message of messages) this.socket.send(JSON.stringify(message))
  }

  private connect(): void {
    const socket = new WebSocket(this.url)
    this.socket = socket
    socket.onmessage = (frame: MessageEvent<string>) => {
      if (socket !== this.socket) return
      this.heard()
      const message = JSON.parse(frame.data) as ServerMessage
      if (message.type === 'hello') {
        this.attempts = 0
        this.handlers.light('connected')
      }
      this.handlers.received(message)
    }
    socket.onclose = (close) => {
      if (socket === this.socket) this.lost(close.code)
    }
  }

  private lost(code: number): void {
    this.socket = null
    clearTimeout(this.watch)
    this.handlers.closed()
    if (code === REFUSED_ORIGIN) {
      this.handlers.light('offline')
      this.handlers.refusedOrigin()
      return
    }
    this.attempts += 1
    this.handlers.light(this.attempts > OFFLINE_AFTER ? 'offline' : 'reconnecting')
    const wait = Math.min(FIRST_WAIT * 2 ** (this.attempts - 1), LAST_WAIT)
    // Spread a little, so that a hundred desks do not come back in the same millisecond.
    this.retry = setTimeout(() => this.connect(), wait * (0.8 + 0.4 * Math.random()))
  }

  /** The network is back: do not wait out the rest of the back-off. */
  private hurry(): void {
    if (this.socket) return
    clearTimeout(this.retry)
    this.connect()
  }

  private heard(): void {
    clearTimeout(this.watch)
    this.watch = setTimeout(() => {
      this.send([{ type: 'ping', id: `ping-${Date.now()}` }])
      this.watch = setTimeout(() => this.abandon(), ANSWER)
    }, SILENCE)
  }

  /** A dead connection can take minutes to close by itself: leave it and open another. */
  private abandon(): void {
    this.socket?.close()
    this.lost(1006)
  }
}
