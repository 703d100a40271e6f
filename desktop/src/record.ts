/** Fills a record template's sentence with what the ticket shows; what is missing stays a visible gap. */
export interface RecordPart {
  text: string
  slot: string | null // the slot of a placeholder, null for the template's own words
  filled: boolean
}

/** `record` as parts in order; `value` gives what a slot shows (null: nothing), `label` what a gap is called. */
export function fillRecord(
  record: string,
  value: (slot: string) => string | null,
  label: (slot: string) => string,
): RecordPart[] {
  return record
    .split(/(\{[a-z_]+\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (!/^\{[a-z_]+\}$/.test(piece)) return { text: piece, slot: null, filled: true }
      const slot = piece.slice(1, -1)
      const filled = value(slot)
      return { text: filled ?? label(slot), slot, filled: filled !== null }
    })
}

/** The record as plain text, gaps in brackets. */
export function recordText(parts: readonly RecordPart[]): string {
  return parts.map((part) => (part.filled ? part.text : `【${part.text}】`)).join('')
}
