import { describe, expect, it } from 'vitest'
import { dayAndTime } from '../src/format'
import { searchOf, wanted } from '../src/finder'

describe('finding calls', () => {
  it('asks only for what was filled in, lengths in seconds', () => {
    expect(searchOf(wanted)).toEqual({ limit: 50, order: 'newest' })
    const filled = { ...wanted, agent: ' 0017 ', from: '2026-03-02', district: '海珠区', minMinutes: '1.5' }
    expect(searchOf(filled)).toEqual({
      limit: 50,
      order: 'newest',
      agent: '0017',
      from: '2026-03-02',
      district: '海珠区',
      min_seconds: 90,
    })
  })

  it('shows times of the hotline, by whose days it searches', () => {
    expect(dayAndTime('2026-03-02T23:15:42.5+08:00')).toBe('2026-03-02 23:15')
  })
})
