/** The record templates in view: the ranked ones, and the one the record is written with. */
import { computed, shallowRef, watch } from 'vue'
import { template } from './catalogue'
import { provisional, state } from './desk'
import { hand } from './hand'
import type { RankedTemplate } from './messages'
import { meant, replaced, type Standing } from './standing'

const SHOWN = 3

/** The best templates as they are known now; interim ones stand in while somebody speaks. */
const latest = computed<readonly RankedTemplate[]>(() => {
  if (!state.value) return []
  const interim = state.value.filed ? null : provisional.value?.templates
  return (interim ?? state.value.templates).slice(0, SHOWN)
})

/** While the agent points at a template or has the focus on one, the list stays as it is. */
export const { held, hold, release } = hand()
const stands = shallowRef<Standing<RankedTemplate>>({ items: [], since: 0, former: [] })
const codes = (list: readonly RankedTemplate[]): string => list.map(({ code }) => code).join()

/** The templates that are shown: they keep their places while the agent's hand is on them. */
export const ranked = computed(() => stands.value.items)

let shownCall: string | undefined
watch(
  [latest, held],
  () => {
    const { call, filed } = state.value ?? {}
    if (call !== shownCall) stands.value = { items: latest.value, since: 0, former: [] }
    else if (codes(latest.value) === codes(ranked.value)) stands.value = { ...stands.value, items: latest.value }
    else if (!held.value || filed || !ranked.value.length) stands.value = replaced(stands.value, latest.value, performance.now())
    shownCall = call
  },
  { immediate: true },
)

/** The template meant by the key of place `index` (from 0) that goes down now. */
export const meantBy = (index: number): RankedTemplate | undefined => meant(stands.value, index, performance.now())

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
