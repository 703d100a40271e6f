/** The record templates in view: the ranked ones, and the one the record is written with. */
import { computed } from 'vue'
import { template } from './catalogue'
import { provisional, state } from './desk'
import type { RankedTemplate } from './messages'

const SHOWN = 3

/** The best templates; interim ones stand in while somebody speaks. */
export const ranked = computed<readonly RankedTemplate[]>(() => {
  if (!state.value) return []
  const interim = state.value.filed ? null : provisional.value?.templates
  return (interim ?? state.value.templates).slice(0, SHOWN)
})

export const chosenCode = computed(() => {
  if (!state.value) return null
  if (state.value.filed) return state.value.filed.template ?? null
  return state.value.chosen?.code ?? null
})

/** The template the record is written with: the chosen one, else the best of the stored ranking. */
export const usedCode = computed(() => chosenCode.value ?? (state.value?.filed ? null : (state.value?.templates[0]?.code ?? null)))
export const used = computed(() => template(usedCode.value))
/** The slots the used template has. */
export const listed = computed<ReadonlySet<string>>(() => new Set([...(used.value?.required ?? []), ...(used.value?.optional ?? [])]))
/** The slots the used template asks for. */
export const required = computed<ReadonlySet<string>>(() => new Set(used.value?.required ?? []))
