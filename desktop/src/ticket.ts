/** What one field of the form shows: the stored ticket, what interim text adds to it, or the ticket as filed. */
import { shown, type CallState, type Value } from './call'
import type { DeskProvisional, Evidence, SlotValue } from './messages'

/** How a value came about; each has its own sign and colour. */
export type Mark =
  | 'empty'
  | 'provisional'
  | 'machine'
  | 'confirmed'
  | 'template'
  | 'accepted'
  | 'edited'
  | 'rejected'

export interface Field {
  name: string
  value: Value | null
  mark: Mark
  confidence: number | null
  evidence: readonly Evidence[]
  /**
   * The machine's other value beside a human's: while the ticket is open only one it came to later, of a filed ticket
   * the one it had; null when there is none.
   */
  suggestion: Value | null
  /** The words that one rests on. */
  suggestionEvidence: readonly Evidence[]
}

export function field(state: CallState, provisional: DeskProvisional | null, name: string): Field {
  if (state.filed) return filedField(state, name)
  const stored = shown(state, name)
  const interim = stored.source === 'machine' && markOf(state, name) !== 'template' ? interimOf(provisional, name) : null
  if (interim) {
    const { value, confidence, evidence } = interim
    return { name, value, mark: 'provisional', confidence, evidence, suggestion: null, suggestionEvidence: [] }
  }
  return {
    name,
    value: stored.value,
    mark: markOf(state, name),
    confidence: stored.confidence,
    evidence: stored.evidence,
    suggestion: stored.fresh ? stored.suggestion : null,
    suggestionEvidence: stored.suggestionEvidence,
  }
}

/** As it was filed, with what the machine thought at that moment. */
function filedField(state: CallState, name: string): Field {
  const then = state.asFiled ?? state
  const { suggestion, suggestionEvidence, ...stored } = shown(then, name)
  const value = filedValue(state, name)
  const same = value === stored.value
  return {
    name,
    value,
    mark: value === null && stored.source !== 'rejected' ? 'empty' : markOf(then, name),
    confidence: same && value !== null ? stored.confidence : null,
    evidence: same && value !== null ? stored.evidence : [],
    suggestion,
    suggestionEvidence,
  }
}

function markOf(state: CallState, name: string): Mark {
  const stored = shown(state, name)
  if (stored.source !== 'machine') return stored.source
  if (stored.value === null) return 'empty'
  if (stored.confirmed) return 'confirmed'
  return stored.confidence === null ? 'template' : 'machine'
}

function interimOf(provisional: DeskProvisional | null, name: string): SlotValue | null {
  if (!provisional) return null
  const choice = name === 'request_type' || name === 'domain' ? provisional[name] : undefined
  if (choice) return { value: choice.value, confidence: choice.confidence, evidence: choice.evidence ?? [] }
  return provisional.slots?.[name] ?? null
}

function filedValue(state: CallState, name: string): Value | null {
  if (!state.filed) return null
  if (name === 'request_type' || name === 'domain' || name === 'department') return state.filed[name] ?? null
  return state.filed.slots[name] ?? null
}
