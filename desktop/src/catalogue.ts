/** The hotline's catalogue as the page needs it: slots in form order, closed sets, templates by code. */
import { computed, ref, shallowReactive, shallowRef } from 'vue'
import * as api from './api'
import { language, t } from './i18n'

const RETRY = 3_000 // ms
const USUAL_ORDER = ['咨询', '求助', '投诉', '举报', '建议', '表扬'] // as agents know it from every hotline's form

export const catalogue = shallowRef<api.Catalogue | null>(null)
export const slots = shallowRef<api.SlotDefinition[]>([])
export const units = shallowRef<string[]>([])
export const districts = shallowRef<string[]>([])
export const failed = ref(false)
const templates = shallowReactive(new Map<string, api.Template | null>())

const byName = computed(() => new Map(slots.value.map((slot) => [slot.name, slot])))

export async function loadCatalogue(): Promise<void> {
  try {
    const [about, definitions, handling] = await Promise.all([api.getCatalogue(), api.getSlots(), api.getUnits()])
    catalogue.value = { ...about, request_types: inUsualOrder(about.request_types) }
    slots.value = definitions
    units.value = handling.map((unit) => unit.name)
    districts.value = handling.flatMap((unit) => unit.district ?? [])
    failed.value = false
  } catch {
    failed.value = true
    setTimeout(loadCatalogue, RETRY)
  }
}

function inUsualOrder(types: readonly string[]): string[] {
  const place = (type: string): number => (USUAL_ORDER.includes(type) ? USUAL_ORDER.indexOf(type) : USUAL_ORDER.length)
  return [...types].sort((a, b) => place(a) - place(b))
}

/** What the catalogue calls itself in the language of the page. */
export const catalogueName = computed(() => {
  const { name, name_en } = catalogue.value ?? { name: '', name_en: '' }
  return (language.value === 'en' && name_en) || name || t('catalogueNote')
})

/** What a slot or choice of the form is called in the language of the page. */
export function slotLabel(name: string): string {
  if (name === 'request_type') return t('requestType')
  if (name === 'domain' || name === 'department') return t(name)
  const slot = byName.value.get(name)
  if (!slot) return name
  return language.value === 'en' ? slot.label_en : slot.label
}

/** The template with this code; null until it has arrived. */
export function template(code: string | null): api.Template | null {
  if (code === null) return null
  const known = templates.get(code)
  if (known !== undefined) return known
  // Reading this inside a computed must not write to what it depends on: ask in the next microtask.
  queueMicrotask(() => void fetchTemplate(code))
  return null
}

async function fetchTemplate(code: string): Promise<void> {
  if (templates.has(code)) return
  templates.set(code, null)
  try {
    templates.set(code, await api.getTemplate(code))
  } catch {
    setTimeout(() => templates.delete(code), RETRY)
  }
}
