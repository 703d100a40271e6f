/** The questions that still wait for their answer, given what the agent did since the machine asked. */
import { shown, type CallState } from './call'
import type { Question } from './messages'

export function open(state: CallState): readonly Question[] {
  return state.questions.filter(({ slot }) => {
    if (slot === 'template' || slot === 'request_type') return state.chosen === null && !(slot in state.human)
    return shown(state, slot).value === null
  })
}
