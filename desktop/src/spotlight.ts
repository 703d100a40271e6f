/** Which evidence is lit in the transcript: that of the field under the pointer or with the focus. */
import { shallowRef } from 'vue'
import type { Evidence } from './messages'

const REST = 4_000 // ms the transcript stays with the evidence; a pointer left lying on a field must not stop it for good

export interface Lit {
  owner: string
  evidence: readonly Evidence[]
}

export const spotlight = shallowRef<Lit | null>(null)
/** The transcript should show the evidence rather than follow the call. */
export const held = shallowRef(false)
let rest: ReturnType<typeof setTimeout> | undefined

/** Light `evidence` for `owner`; with `hold` the transcript moves to it for a while. */
export function light(owner: string, evidence: readonly Evidence[], hold = false): void {
  clearTimeout(rest)
  spotlight.value = evidence.length ? { owner, evidence } : null
  held.value = hold && evidence.length > 0
  if (held.value) rest = setTimeout(() => (held.value = false), REST)
}

export function dim(owner: string): void {
  if (spotlight.value?.owner !== owner) return
  clearTimeout(rest)
  spotlight.value = null
  held.value = false
}
