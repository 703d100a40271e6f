/** Cuts a text into stretches: evidence, what was repaired, what was doubted, what may still change. */
import type { Evidence, WordRepair } from './messages'

export interface Segment {
  text: string
  evidence: Evidence | null
  /** What was heard where this was written. */
  heard: string | null
  /** Whether the recogniser was not sure of it. */
  doubted: boolean
  settled: boolean
}

/**
 * `text` as segments in order. Offsets count characters as the server does (code points, not UTF-16 units). Overlapping
 * evidence goes to the first; what does not fit the text (another hypothesis of an interim) is left out. The first
 * `stable` characters are settled. `doubts` are pairs: the first character of a stretch, the one after its last.
 */
export function segments(
  text: string,
  evidence: readonly Evidence[],
  repairs: readonly WordRepair[] = [],
  stable = Infinity,
  doubts: readonly (readonly [number, number])[] = [],
): Segment[] {
  const characters = Array.from(text)
  const lit: (Evidence | undefined)[] = []
  let at = 0
  for (const span of [...evidence].sort((a, b) => a.start - b.start)) {
    if (span.start < at || span.end <= span.start || span.end > characters.length) continue
    if (characters.slice(span.start, span.end).join('') !== span.text) continue
    for (at = span.start; at < span.end; at++) lit[at] = span
  }
  const repaired: (WordRepair | undefined)[] = []
  for (const one of repairs) for (let place = one.start; place < one.end; place++) repaired[place] = one
  const found: Segment[] = []
  characters.forEach((character, place) => {
    const last = found.at(-1)
    const settled = place < stable
    const doubted = doubts.some(([start, end]) => start <= place && place < end)
    const goesOn =
      lit[place] === lit[place - 1] && repaired[place] === repaired[place - 1] && doubted === last?.doubted && settled === last?.settled
    if (last && goesOn) last.text += character
    else found.push({ text: character, evidence: lit[place] ?? null, heard: repaired[place]?.heard ?? null, doubted, settled })
  })
  return found
}
