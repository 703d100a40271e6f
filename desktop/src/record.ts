/** The record text and the summary: what the machine drafted, with what the form shows in its place; gaps stay visible. */
import type { Evidence, Part } from './messages'

export interface RecordPart {
  text: string
  slot: string | null // the slot of a placeholder, null for words of the template or of the caller
  filled: boolean
  evidence: readonly Evidence[]
}

/** What a field shows instead of the machine's stored value: a human's or an interim one; null where nothing differs. */
export type Instead = (slot: string) => { text: string } | null

/** The machine's draft as it shows; `label` is what a gap is called. */
export function draftedParts(parts: readonly Part[], instead: Instead, label: (slot: string) => string): RecordPart[] {
  return parts.map((part) => {
    const slot = part.slot ?? null
    const other = slot === null ? null : instead(slot)
    if (slot !== null && other) return { text: other.text || label(slot), slot, filled: other.text !== '', evidence: [] }
    const filled = part.filled ?? true
    return { text: !filled && slot ? label(slot) : part.text, slot, filled, evidence: part.evidence ?? [] }
  })
}

/** A template's `record` as parts, where the machine drafted another one; `value` gives what a slot shows (null: nothing). */
export function fillRecord(
  record: string,
  value: (slot: string) => string | null,
  label: (slot: string) => string,
): RecordPart[] {
  return record
    .split(/(\{[a-z_]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (!/^\{[a-z_]+\}$/.test(piece)) return { text: piece, slot: null, filled: true, evidence: [] }
      const slot = piece.slice(1, -1)
      const filled = value(slot)
      return { text: filled ?? label(slot), slot, filled: filled !== null, evidence: [] }
    })
}

/** A text as it was filed: in the parts it was drafted in where these say the same, which tell what they rest on. */
export function asFiled(text: string, parts: RecordPart[]): RecordPart[] {
  return recordText(parts) === text ? parts : [{ text, slot: null, filled: true, evidence: [] }]
}

/** Parts as plain text, gaps in brackets. */
export function recordText(parts: readonly RecordPart[]): string {
  return parts.map((part) => (part.filled ? part.text : `【${part.text}】`)).join('')
}
