/** REST beside the desk connection: the catalogue and the recording. All of it from the page's own server. */

export interface SlotDefinition {
  name: string
  label: string
  label_en: string
  kind: string
  ask: string
  personal: boolean
  common: boolean // false: only some templates have it
}

export interface Catalogue {
  name: string
  version: string
  note: string
  domains: string[]
  request_types: string[]
}

export interface Template {
  code: string
  title: string
  when: string
  required: string[]
  optional: string[]
  record: string
  unit: string
  request_type: string
  domain: string
}

export interface FoundTemplate {
  code: string
  title: string
  domain: string
  request_type: string
}

const root = (): URL => new URL('v1/', document.baseURI)

export function deskUrl(): string {
  const url = new URL('desk', root())
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

export function audioUrl(call: string): string {
  return new URL(`calls/${encodeURIComponent(call)}/audio`, root()).href
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(new URL(path, root()))
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
  return (await response.json()) as T
}

export const getCatalogue = (): Promise<Catalogue> => get('catalogue')
export const getSlots = (): Promise<SlotDefinition[]> => get('catalogue/slots')
export const getUnits = (): Promise<{ name: string }[]> => get('catalogue/units')
export const getTemplate = (code: string): Promise<Template> => get(`catalogue/templates/${encodeURIComponent(code)}`)
export const searchTemplates = (text: string): Promise<FoundTemplate[]> =>
  get(`catalogue/search?limit=8&q=${encodeURIComponent(text)}`)
