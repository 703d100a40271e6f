import { describe, expect, it } from 'vitest'
import type { DeskSummary } from '../src/messages'
import { Overseer } from '../src/overseen'

const fire = { kind: '119', text: '疑似火情' }
const harm = { kind: '110', text: '可能轻生' }
const call = (name: string, status: DeskSummary['status'], ...raised: DeskSummary['raised'] & object): DeskSummary => ({
  call: name,
  started_at: '2026-03-02T22:15:00+08:00',
  status,
  seconds: 0,
  last_seq: 0,
  raised,
})
const told = (overseer: Overseer): string[] => overseer.waiting.map((one) => `${one.call} ${one.kind}`)

describe('alerts of calls that are not in view', () => {
  it('are told of calls that go on, the one that waits longest first, and of the one in view not', () => {
    const overseer = new Overseer()
    overseer.hello([call('c-3', 'live', fire), call('c-2', 'live', harm), call('c-1', 'ended', fire)], 'c-3')
    overseer.changed(call('c-4', 'live', fire), 'c-3')
    expect(told(overseer)).toEqual(['c-2 110', 'c-4 119'])
  })

  it('are told where the call ended with them, also while the connection was down', () => {
    const overseer = new Overseer()
    overseer.hello([call('c-2', 'live'), call('c-1', 'live')], null)
    overseer.changed(call('c-1', 'ended', fire), null)
    overseer.hello([call('c-2', 'ended', harm), call('c-1', 'ended', fire)], null)
    expect(told(overseer)).toEqual(['c-1 119', 'c-2 110'])
  })

  it('are told once, also when the page is loaded again', () => {
    const before = new Overseer()
    before.hello([call('c-1', 'live', fire, harm)], null)
    before.dismiss(before.waiting[0]!.key)
    const after = new Overseer(before.seen)
    after.hello([call('c-1', 'live', fire, harm)], null)
    expect(told(after)).toEqual(['c-1 110'])
    after.viewed('c-1')
    after.changed(call('c-1', 'live', fire, harm), null)
    expect(told(after)).toEqual([])
  })
})
