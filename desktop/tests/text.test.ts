import { describe, expect, it } from 'vitest'
import { segments } from '../src/evidence'
import { clock, parseValue } from '../src/format'
import { draftedParts, fillRecord, recordText } from '../src/record'

const span = (start: number, end: number, text: string) => ({ turn: 0, start, end, text, from_s: 0, to_s: 1 })

describe('evidence in a text', () => {
  it('is cut out where it stands and the rest is kept', () => {
    expect(segments('在海珠区南洲街道', [span(4, 8, '南洲街道'), span(1, 4, '海珠区')]).map((part) => [part.text, part.evidence !== null])).toEqual([
      ['在', false],
      ['海珠区', true],
      ['南洲街道', true],
    ])
  })

  it('counts characters as the server does, beyond the basic plane too', () => {
    expect(segments('姓𠮷田', [span(2, 3, '田')]).map((part) => part.text)).toEqual(['姓𠮷', '田'])
  })

  it('is left out where the interim text no longer says it', () => {
    expect(segments('在海竹区', [span(1, 4, '海珠区')])).toEqual([{ text: '在海竹区', evidence: null, heard: null, doubted: false, settled: true }])
  })
})

describe('repaired words', () => {
  const repairs = [{ start: 1, end: 4, heard: '皇普七' }, { start: 4, end: 8, heard: '长周接到' }]

  it('tell what was heard, each for itself', () => {
    expect(segments('在黄埔区长洲街道住', [], repairs).map((part) => [part.text, part.heard])).toEqual([
      ['在', null],
      ['黄埔区', '皇普七'],
      ['长洲街道', '长周接到'],
      ['住', null],
    ])
  })

  it('may be evidence too', () => {
    const found = segments('在黄埔区长洲街道住', [span(1, 8, '黄埔区长洲街道')], repairs)
    expect(found.map((part) => [part.text, part.evidence !== null, part.heard !== null])).toEqual([
      ['在', false, false],
      ['黄埔区', true, true],
      ['长洲街道', true, true],
      ['住', false, false],
    ])
  })

  it('are set apart where interim text may still change', () => {
    expect(segments('在黄埔区长洲街道', [], repairs, 4).map((part) => [part.text, part.settled])).toEqual([
      ['在', true],
      ['黄埔区', true],
      ['长洲街道', false],
    ])
  })
})

describe('doubted words', () => {
  it('are marked where they stand, also within evidence', () => {
    const found = segments('在海珠区住', [span(1, 4, '海珠区')], [], Infinity, [[2, 3], [4, 5]])
    expect(found.map((part) => [part.text, part.evidence !== null, part.doubted])).toEqual([
      ['在', false, false],
      ['海', true, false],
      ['珠', true, true],
      ['区', true, false],
      ['住', false, true],
    ])
  })
})

describe('a record', () => {
  const parts = fillRecord('来电人反映{address}有{subject}。', (slot) => (slot === 'subject' ? '烧烤档' : null), (slot) => ({ address: '详细地址' })[slot] ?? slot)

  it('shows what is missing as a gap and never guesses it', () => {
    expect(recordText(parts)).toBe('来电人反映【详细地址】有烧烤档。')
  })

  it('shows what the agent wrote or refused instead of what the machine drafted', () => {
    const drafted = [{ text: '反映' }, { text: '大石街', slot: 'address' }, { text: '停水' }, { text: '三天', slot: 'duration' }]
    const human: Record<string, string> = { address: '大石街道', duration: '' }
    const shown = draftedParts(drafted, (slot) => (slot in human ? { text: human[slot]! } : null), () => '持续时间')
    expect(recordText(shown)).toBe('反映大石街道停水【持续时间】')
  })

  it('knows which words came from which slot', () => {
    expect(parts.filter((part) => part.slot).map((part) => [part.slot, part.filled])).toEqual([
      ['address', false],
      ['subject', true],
    ])
  })
})

describe('values', () => {
  it('are numbers only where a number is meant and typed', () => {
    expect([parseValue('money', '300'), parseValue('money', '三百多'), parseValue('phone', '13602247815')]).toEqual([300, '三百多', '13602247815'])
  })

  it('have times of the call as minutes and seconds', () => {
    expect([clock(0), clock(9.9), clock(75), clock(3600)]).toEqual(['0:00', '0:09', '1:15', '60:00'])
  })
})
