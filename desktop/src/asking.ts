/** The one question the agent should ask now, and why: chosen from those that are due, and kept still while it is read. */
import type { CallState } from './call'
import type { Question } from './messages'
import { open } from './questions'

/** What asks for a question: an empty slot, two templates, the request type, or the unit that is not clear yet. */
export type Why = 'slot' | 'template' | 'request_type' | 'department'

/** A question that stands before the agent since `since` (milliseconds). */
export interface Standing {
  question: Question
  since: number
}

const REST = 4_000 // ms a question stays, while it is due, before another one takes its place

/** All questions that are due, most useful first; what would decide the unit comes last, and not where the like is asked anyway. */
export function due(state: CallState): readonly Question[] {
  const questions = open(state)
  const text = state.dispatch?.decision === 'ask' ? state.dispatch.question : null
  const like = questions.some(({ slot, options }) => slot === 'district' || options?.length)
  if (!text || like || 'department' in state.human) return questions
  return [...questions, { slot: 'department', text }]
}

export function why(question: Question): Why {
  const { slot } = question
  return slot === 'template' || slot === 'request_type' || slot === 'department' ? slot : 'slot'
}

/**
 * What stands before the agent at `now`: the best question, but the former one while it is still due and has not stood
 * for long, so that no line changes while it is read aloud.
 */
export function standing(former: Standing | null, questions: readonly Question[], now: number): Standing | null {
  const best = questions[0]
  if (!best) return null
  if (former) {
    const same = questions.find((one) => one.slot === former.question.slot && one.text === former.question.text)
    if (same && (same === best || now - former.since < REST)) return { question: same, since: former.since }
  }
  return { question: best, since: now }
}

/** Milliseconds until `standing` may come to another result by itself; null when it will not. */
export function restOf(current: Standing | null, questions: readonly Question[], now: number): number | null {
  if (!current || questions[0] === current.question) return null
  return Math.max(0, REST - (now - current.since))
}
