import { describe, expect, it } from 'vitest'
import { meant, replaced, type Standing } from '../src/standing'

const first: Standing<string> = { items: ['a', 'b'], since: 0, former: [] }

describe('a list that changes while somebody chooses from it', () => {
  it('gives what stands at the place', () => {
    expect(meant(first, 1, 0)).toBe('b')
    expect(meant(first, 2, 0)).toBeUndefined()
  })

  it('gives what stood there before while nobody can have seen the new one', () => {
    const now = replaced(first, ['c', 'a'], 10_000)
    expect(meant(now, 0, 10_300)).toBe('a')
    expect(meant(now, 0, 11_000)).toBe('c')
  })

  it('gives what has come where nothing stood before', () => {
    expect(meant(replaced({ items: [], since: 0, former: [] }, ['c'], 10_000), 0, 10_100)).toBe('c')
  })
})
