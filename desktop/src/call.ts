/**
 * The state of one call: a pure fold over its event log, the twin of `assist/call.py`.
 *
 * The machine's values and the human's lie in separate places, so that neither can overwrite the other; what a slot
 * shows is worked out from both (`shown`). tests/fixtures/call-log.json holds both folds to the same result.
 */
import type {
  AgentChoseTemplate,
  AgentSubmitted,
  Alert,
  CallEnded,
  CallStarted,
  Choice,
  Dispatch,
  Draft,
  Evidence,
  Guide,
  LoggedEvent,
  OtherMatter,
  Question,
  RankedTemplate,
  SlotValue,
  TranscriptFinal,
} from './wire'

export type Value = SlotValue['value']
export type Source = 'machine' | 'accepted' | 'edited' | 'rejected'
export type Status = 'live' | 'ended' | 'submitted'

/** Closed sets that can be accepted, edited and rejected like a slot. */
export const CHOICES = ['request_type', 'domain', 'department'] as const
export type ChoiceName = (typeof CHOICES)[number]

/** What the agent did with a slot; `seen` is what the machine thought at that moment. */
interface Human {
  source: Exclude<Source, 'machine'>
  value: Value | null
  seen: Value | null
}

/** What can be undone: event `seq` touched `slot` (null: the template); `before` is what was there. */
interface Action {
  seq: number
  slot: string | null
  before: Human | AgentChoseTemplate | null
}

export interface CallState {
  call: string
  seq: number
  at: number
  started: CallStarted | null
  ended: CallEnded | null
  turns: readonly TranscriptFinal[]
  slots: Readonly<Record<string, SlotValue>>
  request_type: Choice | null
  domain: Choice | null
  templates: readonly RankedTemplate[]
  questions: readonly Question[]
  dispatch: Dispatch | null
  alerts: readonly Alert[]
  draft: Draft
  guides: readonly Guide[]
  others: readonly OtherMatter[]
  human: Readonly<Record<string, Human>>
  chosen: AgentChoseTemplate | null
  actions: readonly Action[]
  filed: AgentSubmitted | null
  /** The state the ticket was filed in; null until it is. What is heard afterwards says nothing about the ticket. */
  asFiled: CallState | null
}

/** What a slot or choice shows. */
export interface Shown {
  value: Value | null
  source: Source
  confidence: number | null
  confirmed: boolean
  evidence: readonly Evidence[]
  /** The machine's value where a human's stands instead and differs. */
  suggestion: Value | null
  /** The words the suggestion rests on. */
  suggestionEvidence: readonly Evidence[]
  /** The machine came to that opinion after the human acted: worth showing. */
  fresh: boolean
}

export function emptyCall(call: string): CallState {
  return {
    call,
    seq: 0,
    at: 0,
    started: null,
    ended: null,
    turns: [],
    slots: {},
    request_type: null,
    domain: null,
    templates: [],
    questions: [],
    dispatch: null,
    alerts: [],
    draft: {},
    guides: [],
    others: [],
    human: {},
    chosen: null,
    actions: [],
    filed: null,
    asFiled: null,
  }
}

/**
 * The state after `logged`. An event that was applied before changes nothing; one of an unknown, newer type only moves
 * `seq`. Throws a RangeError if an event is missing between the two.
 */
export function apply(state: CallState, logged: LoggedEvent): CallState {
  if (logged.seq <= state.seq) return state
  if (logged.seq !== state.seq + 1) throw new RangeError(`event ${logged.seq} does not follow ${state.seq}`)
  const next = { ...state, seq: logged.seq, at: Math.max(state.at, logged.at) }
  const event = logged.event
  switch (event.type) {
    case 'call.started':
      return { ...next, started: event }
    case 'transcript.final':
      return { ...next, turns: [...next.turns, event] }
    case 'ticket.changed': {
      const slots = { ...next.slots }
      for (const [name, value] of Object.entries(event.slots ?? {})) {
        if (value === null) delete slots[name]
        else slots[name] = value
      }
      return { ...next, slots, request_type: event.request_type ?? null, domain: event.domain ?? null }
    }
    case 'templates.ranked':
      return { ...next, templates: event.templates }
    case 'questions.due':
      return { ...next, questions: event.questions }
    case 'dispatch.suggested':
      return { ...next, dispatch: event.dispatch }
    case 'guides.found':
      return { ...next, guides: event.guides }
    case 'matters.found':
      return { ...next, others: event.others }
    case 'record.drafted':
      return { ...next, draft: event.draft }
    case 'alert.raised':
      return { ...next, alerts: [...next.alerts, event.alert] }
    case 'call.ended':
      return { ...next, ended: event }
    case 'agent.accepted':
      return touch(next, event.slot, 'accepted', event.value)
    case 'agent.edited':
      return touch(next, event.slot, 'edited', event.value)
    case 'agent.rejected':
      return touch(next, event.slot, 'rejected', null)
    case 'agent.chose_template':
      return {
        ...next,
        chosen: event,
        actions: [...next.actions, { seq: next.seq, slot: null, before: next.chosen }],
      }
    case 'agent.undone':
      return undo(next, event.undone)
    case 'agent.submitted':
      return { ...next, filed: event, asFiled: state }
    default:
      return next
  }
}

function touch(state: CallState, slot: string, source: Human['source'], value: Value | null): CallState {
  const human = { source, value, seen: machineValue(state, slot) }
  return {
    ...state,
    human: { ...state.human, [slot]: human },
    actions: [...state.actions, { seq: state.seq, slot, before: state.human[slot] ?? null }],
  }
}

function undo(state: CallState, seq: number): CallState {
  const action = state.actions.find((candidate) => candidate.seq === seq)
  if (!action) return state
  const actions = state.actions.filter((candidate) => candidate.seq !== seq)
  if (action.slot === null) return { ...state, actions, chosen: action.before as AgentChoseTemplate | null }
  const human = { ...state.human }
  if (action.before === null) delete human[action.slot]
  else human[action.slot] = action.before as Human
  return { ...state, actions, human }
}

export function status(state: CallState): Status {
  if (state.filed) return 'submitted'
  return state.ended ? 'ended' : 'live'
}

/** The machine's opinion of a slot or choice in one shape. */
export function machineOpinion(state: CallState, name: string): SlotValue | null {
  const choice = machineChoice(state, name)
  if (choice === undefined) return state.slots[name] ?? null
  return choice && { value: choice.value, confidence: choice.confidence, evidence: choice.evidence ?? [] }
}

function machineChoice(state: CallState, name: string): Choice | null | undefined {
  if (name === 'request_type') return state.request_type
  if (name === 'domain') return state.domain
  if (name !== 'department') return undefined
  const found = state.dispatch
  // a unit that is not sure enough to be named is not filed either
  if (!found?.unit || found.decision === 'abstain') return null
  return { value: found.unit, confidence: found.confidence }
}

function machineValue(state: CallState, name: string): Value | null {
  return machineOpinion(state, name)?.value ?? null
}

/** What the form shows: the human's value, else what the chosen template implies, else the machine's. */
export function shown(state: CallState, name: string): Shown {
  const machine = machineOpinion(state, name)
  const human = state.human[name]
  if (human) {
    const suggestion = machine !== null && machine.value !== human.value ? machine.value : null
    return {
      value: human.value,
      source: human.source,
      confidence: null,
      confirmed: false,
      evidence: machine !== null && machine.value === human.value ? machine.evidence : [],
      suggestion,
      suggestionEvidence: suggestion === null ? [] : (machine?.evidence ?? []),
      fresh: suggestion !== null && suggestion !== human.seen,
    }
  }
  const implied = state.chosen && (name === 'request_type' || name === 'domain') ? state.chosen[name] : ''
  const agrees = !implied || implied === machine?.value
  return {
    value: implied || (machine?.value ?? null),
    source: 'machine',
    confidence: agrees ? (machine?.confidence ?? null) : null,
    confirmed: machine?.confirmed ?? false,
    evidence: agrees ? (machine?.evidence ?? []) : [],
    suggestion: null,
    suggestionEvidence: [],
    fresh: false,
  }
}

/** The number of the event that `undo` would take back; null when there is none. */
export function lastAction(state: CallState): number | null {
  return state.actions.at(-1)?.seq ?? null
}
