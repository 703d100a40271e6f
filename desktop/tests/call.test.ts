import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { apply, emptyCall, shown, status, type CallState } from '../src/call'
import { withPending } from '../src/pending'
import type { LoggedEvent } from '../src/wire'

const fixture = JSON.parse(
  readFileSync(new URL('../../tests/fixtures/call-log.json', import.meta.url), 'utf8'),
) as { events: LoggedEvent[]; view: Record<string, unknown> & { slots: Record<string, unknown> } }

const fold = (events: LoggedEvent[]): CallState => events.reduce(apply, emptyCall('fixture'))

let seq = 0
function log(...events: LoggedEvent['event'][]): LoggedEvent[] {
  seq = 0
  return events.map((event) => ({ call: 'fixture', seq: ++seq, at: seq, event }))
}
const machine = (value: string): LoggedEvent['event'] => ({
  type: 'ticket.changed',
  slots: { street: { value, confidence: 0.8, evidence: [] } },
})

describe('the fold of a call', () => {
  it('comes to the view the server comes to', () => {
    const state = fold(fixture.events)
    const names = new Set([...Object.keys(state.slots), ...Object.keys(state.human)])
    names.delete('request_type')
    const slots = Object.fromEntries(
      [...names].sort().map((name) => {
        const { value, source, suggestion } = shown(state, name)
        return [name, { value, state: source, suggestion }]
      }),
    )
    expect({
      slots,
      template: state.chosen?.code,
      request_type: shown(state, 'request_type').value,
      domain: shown(state, 'domain').value,
      department: shown(state, 'department').value,
      status: status(state),
      turns: state.turns.length,
      seq: state.seq,
    }).toEqual(fixture.view)
  })

  it('ignores an event that comes twice', () => {
    const once = fold(fixture.events)
    expect(fold([...fixture.events, ...fixture.events.slice(-5)])).toEqual(once)
  })

  it('refuses to go on over a gap', () => {
    expect(() => fold(fixture.events.filter((logged) => logged.seq !== 4))).toThrow(RangeError)
  })

  it('passes over an event type it does not know', () => {
    const unknown = { type: 'guides.found' } as unknown as LoggedEvent['event']
    expect(fold(log(machine('南洲街道'), unknown)).seq).toBe(2)
  })

  it('does not let the machine overwrite what the agent wrote', () => {
    const state = fold(log(machine('南洲街道'), { type: 'agent.edited', command: 'a', slot: 'street', value: '凤阳街道' }, machine('江海街道')))
    expect(shown(state, 'street')).toMatchObject({ value: '凤阳街道', source: 'edited', suggestion: '江海街道', fresh: true })
  })

  it('does not hold up the value the agent has just corrected as news', () => {
    const state = fold(log(machine('南洲街道'), { type: 'agent.edited', command: 'a', slot: 'street', value: '凤阳街道' }))
    expect(shown(state, 'street')).toMatchObject({ suggestion: '南洲街道', fresh: false })
  })

  it('shows what was there before once an action is undone', () => {
    const state = fold(
      log(
        machine('南洲街道'),
        { type: 'agent.edited', command: 'a', slot: 'street', value: '凤阳街道' },
        { type: 'agent.rejected', command: 'b', slot: 'street' },
        { type: 'agent.undone', command: 'c', undone: 3 },
      ),
    )
    expect(shown(state, 'street')).toMatchObject({ value: '凤阳街道', source: 'edited' })
  })

  it('does not change its argument', () => {
    const events = fixture.events.map((logged) => Object.freeze(logged))
    let state = emptyCall('fixture')
    for (const logged of events) {
      const before = JSON.stringify(state)
      const frozen = Object.freeze(state)
      state = apply(frozen, logged)
      expect(JSON.stringify(frozen)).toBe(before)
    }
  })
})

describe('commands that are not answered yet', () => {
  it('are seen at once and in order', () => {
    const state = fold(log(machine('南洲街道')))
    const expected = withPending(state, [
      { type: 'edit', id: 'a', call: 'fixture', slot: 'street', value: '凤阳街道' },
      { type: 'undo', id: 'b', call: 'fixture' },
      { type: 'accept', id: 'c', call: 'fixture', slot: 'street' },
      { type: 'edit', id: 'd', call: 'another', slot: 'street', value: '别的电话' },
    ])
    expect(shown(expected, 'street')).toMatchObject({ value: '南洲街道', source: 'accepted' })
    expect(state.seq).toBe(1)
  })

  it('do not file the ticket before the server has', () => {
    expect(status(withPending(fold(log(machine('南洲街道'))), [{ type: 'submit', id: 'a', call: 'fixture' }]))).toBe('live')
  })
})
