/**
 * What the page shows before the server has answered: the state with the agent's unanswered commands applied to it.
 *
 * The agent's own action is seen at once, also while the connection is down; when the event arrives the command leaves
 * the outbox and the same thing comes out of the log.
 */
import { apply, lastAction, machineOpinion, type CallState } from './call'
import type { Accept, ChooseTemplate, Edit, LoggedEvent, RankedTemplate, Reject, Submit, Undo } from './wire'

export type Command = Accept | Edit | Reject | ChooseTemplate | Undo | Submit

/** The state as it will be once `commands` took effect. A submit waits for the server: it cannot be taken back. */
export function withPending(state: CallState, commands: readonly Command[]): CallState {
  let expected = state
  for (const command of commands) {
    const event = command.call === state.call ? expectedEvent(expected, command) : null
    if (event) expected = apply(expected, { call: state.call, seq: expected.seq + 1, at: expected.at, event })
  }
  return expected
}

function expectedEvent(state: CallState, command: Command): LoggedEvent['event'] | null {
  switch (command.type) {
    case 'accept': {
      const machine = machineOpinion(state, command.slot)
      return machine && { type: 'agent.accepted', command: command.id, slot: command.slot, value: machine.value }
    }
    case 'edit':
      return { type: 'agent.edited', command: command.id, slot: command.slot, value: command.value }
    case 'reject':
      return { type: 'agent.rejected', command: command.id, slot: command.slot }
    case 'choose_template': {
      const known = state.templates.find((template: RankedTemplate) => template.code === command.code)
      return {
        type: 'agent.chose_template',
        command: command.id,
        code: command.code,
        title: known?.title ?? '',
        request_type: known?.request_type ?? '',
        domain: known?.domain ?? '',
      }
    }
    case 'undo': {
      const undone = lastAction(state)
      return undone === null ? null : { type: 'agent.undone', command: command.id, undone }
    }
    case 'submit':
      return null
  }
}
