import { describe, expect, it } from 'vitest'
import { matching } from '../src/matching'

const units = ['市公安局', '市城市管理综合执法局', '市人力资源和社会保障局', '海珠区城管局']

describe('a unit as it is called', () => {
  it.each([
    ['城管', ['海珠区城管局', '市城市管理综合执法局']],
    ['人社局', ['市人力资源和社会保障局']],
    ['市公', ['市公安局']],
    ['局城', []],
    [' ', units],
  ])('%s', (typed, found) => expect(matching(units, typed)).toEqual(found))
})
