/** REST beside the desk connection: the catalogue, kept calls, the recording. All of it from the page's own server. */
import type { FoundCalls } from './messages'

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
  name_en: string
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

/** What calls are looked for by; see `POST /v1/calls/search` in docs/protocol.md. */
export type CallsSearch = Record<string, string | number>

/** The server answered that it cannot do it. */
export class AnswerError extends Error {
  constructor(
    path: string,
    readonly status: number,
  ) {
    super(`${path}: ${status}`)
  }
}

const LONGEST_SEARCH = 200 // characters that the server takes

const root = (): URL => new URL('v1/', document.baseURI)

export function deskUrl(): string {
  const url = new URL('desk', root())
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
  return url.href
}

export function audioUrl(call: string): string {
  return new URL(`calls/${encodeURIComponent(call)}/audio`, root()).href
}

async function ask<T>(path: string, how?: RequestInit): Promise<T> {
  const response = await fetch(new URL(path, root()), how)
  if (!response.ok) throw new AnswerError(path, response.status)
  return (await response.json()) as T
}

const get = <T>(path: string): Promise<T> => ask(path)

/** What a person typed goes into the body: addresses are logged on their way. */
const post = <T>(path: string, body: unknown): Promise<T> =>
  ask(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })

export const getCatalogue = (): Promise<Catalogue> => get('catalogue')
export const getSlots = (): Promise<SlotDefinition[]> => get('catalogue/slots')
export const getUnits = (): Promise<{ name: string; district: string | null }[]> => get('catalogue/units')
export const getTemplate = (code: string): Promise<Template> => get(`catalogue/templates/${encodeURIComponent(code)}`)
export const searchTemplates = (text: string): Promise<FoundTemplate[]> =>
  post('catalogue/search', { text: text.slice(0, LONGEST_SEARCH), limit: 8 })
export const findCalls = (search: CallsSearch): Promise<FoundCalls> => post('calls/search', search)
