/** Cuts a text into the stretches that are evidence and those that are not. */
import type { Evidence } from './messages'

export interface Segment {
  text: string
  evidence: Evidence | null
}

/**
 * `text` as segments in order. Offsets count characters as the server does (code points, not UTF-16 units). Overlapping
 * evidence goes to the first; what does not fit the text (another hypothesis of an interim) is left out.
 */
export function segments(text: string, evidence: readonly Evidence[]): Segment[] {
  const characters = Array.from(text)
  const found: Segment[] = []
  let at = 0
  for (const span of [...evidence].sort((a, b) => a.start - b.start)) {
    if (span.start < at || span.end <= span.start || span.end > characters.length) continue
    if (characters.slice(span.start, span.end).join('') !== span.text) continue
    if (span.start > at) found.push({ text: characters.slice(at, span.start).join(''), evidence: null })
    found.push({ text: span.text, evidence: span })
    at = span.end
  }
  if (at < characters.length) found.push({ text: characters.slice(at).join(''), evidence: null })
  return found
}
