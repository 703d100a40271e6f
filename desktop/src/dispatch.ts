/** How far the proposed unit can be relied on, in the five ways the agent has to tell apart. */
import type { CallState } from './call'
import type { Dispatch } from './messages'

/**
 * `certified`: sure enough, and how often such proposals are wrong has been proved; `check`: sure enough, nothing is
 * proved; `ask`: a question would decide; `abstain`: no unit is named; `human`: the agent decided; `none`: nothing heard.
 */
export type Stand = 'certified' | 'check' | 'ask' | 'abstain' | 'human' | 'none'

export function standOf(dispatch: Dispatch | null | undefined): Exclude<Stand, 'human'> {
  switch (dispatch?.decision) {
    case 'suggest':
      return typeof dispatch.certified === 'number' ? 'certified' : 'check'
    case 'ask':
      return 'ask'
    case 'abstain':
      return 'abstain'
    default:
      return 'none'
  }
}

export function stand(state: CallState): Stand {
  return 'department' in state.human ? 'human' : standOf(state.dispatch)
}
