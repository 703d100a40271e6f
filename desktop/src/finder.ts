/** Finding calls that were kept: what is asked for, the calls found so far, and where the next ones begin. */
import { ref, shallowReactive, shallowRef } from 'vue'
import { AnswerError, findCalls, type CallsSearch } from './api'
import { dayOf } from './days'
import type { ListedCall } from './messages'

/** The form as it is filled in; empty texts do not count. Lengths are in minutes. */
export interface Wanted {
  from: string
  to: string
  status: string
  ticket: string
  agent: string
  template: string
  unit: string
  district: string
  alert: string
  minMinutes: string
  maxMinutes: string
  order: string
}

const EMPTY: Wanted = {
  from: '',
  to: '',
  status: '',
  ticket: '',
  agent: '',
  template: '',
  unit: '',
  district: '',
  alert: '',
  minMinutes: '',
  maxMinutes: '',
  order: 'newest',
}
const PAGE = 50 // calls a page

export const wanted = shallowReactive<Wanted>({ ...EMPTY })
export const found = shallowRef<ListedCall[] | null>(null) // null: nothing was searched for yet
export const next = ref<string | null>(null)
export const unread = ref(0)
export const searching = ref(false)
export const problem = ref<'' | 'bad' | 'day' | 'failed'>('')

let asked: CallsSearch = {} // what `found` answers: more of it is asked for in the same words
let question = 0

export function clear(): void {
  Object.assign(wanted, EMPTY)
}

const onTheWire = (day: string): string => dayOf(day)?.replace(' ', 'T') ?? ''

/** What the form asks the server for. */
export function searchOf(form: Wanted): CallsSearch {
  const { minMinutes, maxMinutes, from, to, ...others } = form
  const texts = { from: onTheWire(from), to: onTheWire(to), ...others }
  const search: CallsSearch = { limit: PAGE }
  for (const [name, text] of Object.entries(texts)) if (text?.trim()) search[name] = text.trim()
  if (minMinutes) search.min_seconds = Number(minMinutes) * 60
  if (maxMinutes) search.max_seconds = Number(maxMinutes) * 60
  return search
}

/** The first calls that fit the form as it is now. */
export async function find(): Promise<void> {
  if ([wanted.from, wanted.to].some((day) => day.trim() && dayOf(day) === null)) {
    problem.value = 'day'
    return
  }
  asked = searchOf(wanted)
  await ask(null)
}

/** The next calls of the same search. */
export async function more(): Promise<void> {
  if (next.value && !searching.value) await ask(next.value)
}

/** The same search again, without a word: calls that go on change. Nothing comes of it once more pages are shown. */
export async function refresh(): Promise<void> {
  if (asked.status !== 'live' || searching.value || !found.value || found.value.length > PAGE) return
  const mine = question
  const answer = await findCalls(asked).catch(() => null)
  if (!answer || mine !== question) return
  found.value = answer.calls
  next.value = answer.next
}

async function ask(cursor: string | null): Promise<void> {
  const mine = ++question
  searching.value = true
  problem.value = ''
  try {
    const answer = await findCalls(cursor ? { ...asked, cursor } : asked)
    if (mine !== question) return
    found.value = cursor ? [...(found.value ?? []), ...answer.calls] : answer.calls
    next.value = answer.next
    unread.value = answer.unread
  } catch (error) {
    if (mine !== question) return
    problem.value = error instanceof AnswerError && error.status === 422 ? 'bad' : 'failed'
  } finally {
    if (mine === question) searching.value = false
  }
}
