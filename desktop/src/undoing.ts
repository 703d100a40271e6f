/** What the agent did last, in words: what undo would take back. */
import type { CallState } from './call'
import { slotLabel, template } from './catalogue'
import { t } from './i18n'
import { valueText } from './values'

/** Null where nothing is left to take back. */
export function lastDone(state: CallState): string | null {
  const action = state.actions.at(-1)
  if (!action) return null
  if (action.slot === null) {
    const code = state.chosen?.code ?? ''
    return t('done_template', state.chosen?.title || template(code)?.title || code)
  }
  const human = state.human[action.slot]
  const label = slotLabel(action.slot)
  if (!human || human.source === 'rejected') return t('done_rejected', label)
  return t(human.source === 'accepted' ? 'done_accepted' : 'done_edited', label, valueText(human.value))
}
