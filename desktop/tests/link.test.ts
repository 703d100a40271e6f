import { describe, expect, it } from 'vitest'
import { DeskLink } from '../src/link'
import type { CallSummary, ServerMessage } from '../src/messages'

const summary = (call: string, started_at = '2026-03-02T22:15:00+08:00'): CallSummary => ({
  call,
  started_at,
  status: 'live',
  seconds: 0,
  last_seq: 0,
})
const hello: ServerMessage = { type: 'hello', protocol: 1, calls: [summary('c-1')] }
const event = (seq: number, text = `第${seq}句`): ServerMessage => ({
  type: 'event',
  logged: {
    call: 'c-1',
    seq,
    at: seq,
    event: { type: 'transcript.final', turn: seq - 1, speaker: 'citizen', text, start: seq, end: seq + 1 },
  },
})
const caughtUp = (seq: number): ServerMessage => ({ type: 'caught_up', call: 'c-1', seq })
const refused = (code: string, call: string, command: string | null = null): ServerMessage => ({ type: 'refused', command, call, code, message: '无' })
const begins = (call: string): ServerMessage => ({ type: 'call', summary: summary(call) })
const subscribe = (after = 0) => ({ type: 'subscribe', call: 'c-1', after })
const edit = { type: 'edit', id: 'id-1', call: 'c-1', slot: 'phone', value: '13602247815' } as const

function following(): DeskLink {
  const link = new DeskLink()
  link.received(hello)
  link.select('c-1')
  link.received(caughtUp(0))
  return link
}

/** A call in view that has two events and was then refused: the server has no such call any more. */
function gone(): DeskLink {
  const link = following()
  link.received(event(1))
  link.received(event(2))
  link.received(refused('unknown_call', 'c-1'))
  return link
}

describe('the desk connection', () => {
  it('subscribes from the first event, and after a reconnect from the last one it has', () => {
    const link = new DeskLink()
    link.select('c-1')
    expect(link.received(hello).send).toEqual([{ type: 'subscribe', call: 'c-1', after: 0 }])
    link.received(event(1))
    link.received(event(2))
    link.closed()
    expect(link.received(hello).send).toEqual([{ type: 'subscribe', call: 'c-1', after: 2 }])
  })

  it('takes an event that comes twice once', () => {
    const link = following()
    for (const seq of [1, 2, 2, 1, 3]) link.received(event(seq))
    expect(link.state?.turns.map((turn) => turn.text)).toEqual(['第1句', '第2句', '第3句'])
  })

  it('asks again for what is missing instead of going on over a gap', () => {
    const link = following()
    link.received(event(1))
    expect(link.received(event(3)).send).toEqual([{ type: 'subscribe', call: 'c-1', after: 1 }])
    expect(link.state?.seq).toBe(1)
  })

  it('knows that the call in view is being read as a whole until that is over, the connection breaks or another call is chosen', () => {
    const link = following()
    const reading = (call: string, is: boolean): ServerMessage => ({ type: 'reading', call, reading: is })
    link.received(reading('c-2', true))
    expect(link.reading).toBe(false)
    link.received(reading('c-1', true))
    expect(link.reading).toBe(true)
    link.received(reading('c-1', false))
    expect(link.reading).toBe(false)
    link.received(reading('c-1', true))
    link.closed()
    expect(link.reading).toBe(false)
    link.received(reading('c-1', true))
    link.select('c-2')
    expect(link.reading).toBe(false)
  })

  it('keeps a command given while offline and sends it with the same id until it is answered', () => {
    const link = following()
    link.closed()
    expect(link.command(edit)).toEqual([])
    link.received(hello)
    expect(link.received(caughtUp(0)).send).toEqual([edit])
    link.closed()
    link.received(hello)
    expect(link.received(caughtUp(0)).send).toEqual([edit])
    link.received({ type: 'done', command: 'id-1', seq: 1 })
    link.closed()
    link.received(hello)
    expect(link.received(caughtUp(0)).send).toEqual([])
  })

  it('carries out nothing on a log it has not read to its end, but in its order afterwards, and of other calls at once', () => {
    const link = following()
    const other = { ...edit, id: 'id-0', call: 'c-2' } as const
    const file = { type: 'submit', id: 'id-2', call: 'c-1' } as const
    link.closed()
    for (const command of [other, edit]) link.command(command)
    expect(link.received(hello).send).toEqual([subscribe(), other])
    expect(link.command(file)).toEqual([])
    expect(link.received(caughtUp(0)).send).toEqual([edit, file])
  })

  it('carries out what was given on a call whose log it has not read when that call leaves the view', () => {
    const link = following()
    link.closed()
    link.command(edit)
    link.received(hello)
    expect(link.select('c-2')).toEqual([{ type: 'unsubscribe', call: 'c-1' }, { type: 'subscribe', call: 'c-2', after: 0 }, edit])
  })

  it('begins anew where the server does not have what the page saw, keeps what was written and files and takes back nothing unseen', () => {
    const link = following()
    for (const seq of [1, 2]) link.received(event(seq))
    link.closed()
    link.command({ type: 'undo', id: 'id-2', call: 'c-1' })
    link.command(edit)
    link.command({ type: 'submit', id: 'id-3', call: 'c-1' })
    link.received(hello)
    const outcome = link.received(refused('bad_after', 'c-1'))
    expect(outcome.send).toEqual([subscribe()])
    expect(outcome.notices.map((notice) => notice.code)).toEqual(['reloaded'])
    expect(link.state?.seq).toBe(0)
    link.received(event(1, '您好'))
    expect(link.received(caughtUp(1)).send).toEqual([edit])
    expect(link.state?.turns.map((turn) => turn.text)).toEqual(['您好'])
  })

  it('shows a call that was asked for before it began as soon as it begins', () => {
    const link = new DeskLink()
    link.received({ type: 'hello', protocol: 1, calls: [] })
    expect(link.select('c-1')).toEqual([subscribe()])
    expect(link.missing).toBe(false)
    expect(link.received(refused('unknown_call', 'c-1')).notices.map((notice) => notice.code)).toEqual(['unknown_call'])
    expect(link.missing).toBe(true)
    expect(link.received(begins('c-2')).send).toEqual([])
    expect(link.received(begins('c-1')).send).toEqual([subscribe()])
    expect(link.missing).toBe(false)
    expect(link.received(begins('c-1')).send).toEqual([]) // once is enough
  })

  it('asks again for a call that was not there when it is chosen again, and after a reconnect', () => {
    const link = following()
    link.received(refused('unknown_call', 'c-1'))
    expect(link.select('c-1')).toEqual([subscribe()])
    expect(link.select('c-1')).toEqual([])
    link.received(refused('unknown_call', 'c-1'))
    link.closed()
    expect(link.received({ type: 'hello', protocol: 1, calls: [] }).send).toEqual([subscribe()])
  })

  it('knows of the call in view alone that it is not there', () => {
    const link = following()
    link.received(refused('unknown_call', 'c-2'))
    expect(link.missing).toBe(false)
    link.received(refused('unknown_call', 'c-1'))
    link.select('c-2')
    expect(link.missing).toBe(false)
  })

  it('keeps in view what a call that is gone had, lists it no more and sends nothing of it', () => {
    const link = gone()
    expect(link.missing).toBe(true)
    expect(link.state?.turns).toHaveLength(2)
    expect(link.calls).toEqual([])
    link.closed()
    expect(link.received({ type: 'hello', protocol: 1, calls: [] }).send).toEqual([subscribe(2)])
  })

  it('learns from the answer to a command that the call is gone', () => {
    const link = following()
    link.received(event(1))
    for (const id of ['id-1', 'id-2']) link.command({ ...edit, id })
    link.received(refused('unknown_call', 'c-1', 'id-1'))
    expect(link.missing).toBe(true)
    expect(link.outbox).toEqual([])
  })

  it('takes a call of the same name that begins after the other one is gone for a new one', () => {
    const listed = gone()
    expect(listed.received(begins('c-1')).send).toEqual([subscribe()])
    expect(listed.state?.turns).toEqual([])
    const greeted = gone()
    greeted.closed()
    expect(greeted.received(hello).send).toEqual([subscribe()])
  })

  it('asks again for a call whose log could not be read', () => {
    const link = new DeskLink()
    link.received(hello)
    link.select('c-1')
    link.received(refused('store_failed', 'c-1'))
    expect(link.unanswered()).toEqual([subscribe()])
    link.received(caughtUp(0))
    expect(link.unanswered()).toEqual([])
  })

  it('knows that nobody feeds the call in view until somebody does, the connection breaks or another call is chosen', () => {
    const link = following()
    const feed = (call: string, connected: boolean): ServerMessage => ({ type: 'feed', call, connected })
    link.received(feed('c-2', false))
    expect(link.fed).toBe(true)
    link.received(feed('c-1', false))
    expect(link.fed).toBe(false)
    link.received(feed('c-1', true))
    expect(link.fed).toBe(true)
    link.received(feed('c-1', false))
    link.closed()
    expect(link.fed).toBe(true)
    link.received(feed('c-1', false))
    link.select('c-2')
    expect(link.fed).toBe(true)
  })

  it('takes the event of its own command for the answer when the answer itself was lost', () => {
    const link = following()
    link.command(edit)
    link.received({
      type: 'event',
      logged: { call: 'c-1', seq: 1, at: 1, event: { type: 'agent.edited', command: 'id-1', slot: 'phone', value: '13602247815' } },
    })
    expect(link.outbox).toEqual([])
  })

  it('drops a refused command and says so, but keeps one the server could not store', () => {
    const link = following()
    link.command(edit)
    const failed = link.received({ type: 'refused', command: 'id-1', code: 'store_failed', message: '磁盘已满' })
    expect(failed.notices).toEqual([{ code: 'store_failed', message: '磁盘已满', command: edit }])
    expect(link.outbox).toEqual([edit])
    link.received({ type: 'refused', command: 'id-1', code: 'already_submitted', message: '工单已经提交' })
    expect(link.outbox).toEqual([])
  })

  it('says so when the value changed between the agent seeing and accepting it', () => {
    const link = following()
    link.command({ type: 'accept', id: 'id-2', call: 'c-1', slot: 'street' }, '南洲街道')
    const outcome = link.received({
      type: 'event',
      logged: { call: 'c-1', seq: 1, at: 1, event: { type: 'agent.accepted', command: 'id-2', slot: 'street', value: '江海街道' } },
    })
    expect(outcome.notices.map((notice) => notice.code)).toEqual(['accepted_changed'])
  })

  it('replaces interim text whole and clears it when the utterance is final', () => {
    const link = following()
    const partial = (text: string): ServerMessage => ({ type: 'partial', call: 'c-1', speaker: 'citizen', text, start: 1, end: 2 })
    link.received(partial('我要投'))
    link.received(partial('我要投诉烧烤'))
    expect(link.partials.citizen?.text).toBe('我要投诉烧烤')
    link.received(event(1))
    expect(link.partials.citizen).toBeUndefined()
  })

  it('starts over when the server knows less than the page', () => {
    const link = following()
    link.received(event(1))
    link.received(event(2))
    expect(link.received({ type: 'caught_up', call: 'c-1', seq: 0 }).send).toEqual([{ type: 'subscribe', call: 'c-1', after: 0 }])
    expect(link.state?.turns).toEqual([])
  })

  it('keeps the list of calls newest first, each once', () => {
    const link = following()
    link.received({ type: 'call', summary: summary('c-2', '2026-03-02T22:20:00+08:00') })
    link.received({ type: 'call', summary: { ...summary('c-1'), status: 'ended' } })
    expect(link.calls.map((call) => [call.call, call.status])).toEqual([
      ['c-2', 'live'],
      ['c-1', 'ended'],
    ])
  })

  it('ignores a message type it does not know', () => {
    expect(following().received({ type: 'weather' } as unknown as ServerMessage)).toEqual({ send: [], notices: [] })
  })
})
