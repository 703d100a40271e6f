// Generated from schema.json by `npm run types`. Do not edit.

/**
 * Who is talking.
 */
export type Speaker = 'agent' | 'citizen'

/**
 * Messages of the hotline assist server; see docs/protocol.md.
 */
export interface Wire {
  desk_message:
    | DeskHello
    | DeskEvent
    | DeskPartial
    | DeskProvisional
    | DeskCall
    | DeskCaughtUp
    | DeskDone
    | DeskRefused
    | DeskLag
    | DeskReading
    | DeskFeed
    | DeskPong
  page_message: Subscribe | Unsubscribe | Accept | Edit | Reject | ChooseTemplate | Undo | Submit | Ping
  audio_client_message: AudioStart | AudioStop
  audio_server_message: AudioStarted | AudioAck | AudioStopped | AudioError
  call_view: CallView
  found_calls: FoundCalls
}
/**
 * First message of the server on a desk connection.
 */
export interface DeskHello {
  type: 'hello'
  protocol?: number
  calls?: DeskSummary[]
}
/**
 * A call in the list of every desk. ``raised``: the alerts of a call that the server hears, or has heard since it
 * was started, in their order; of calls of before it is empty.
 */
export interface DeskSummary {
  call: string
  started_at: string
  status: 'live' | 'ended' | 'submitted'
  seconds: number
  last_seq: number
  raised?: RaisedAlert[]
}
/**
 * An alert as others than the agent are told of it: its kind, and the ``text`` of the rule that raised it; none of
 * the words that it rests on.
 */
export interface RaisedAlert {
  kind: string
  text: string
}
/**
 * A stored event of a subscribed call.
 */
export interface DeskEvent {
  type: 'event'
  logged: LoggedEvent
}
/**
 * An event as it lies in a call's log. ``seq`` counts from 1 without gaps; ``at`` is seconds of call audio.
 */
export interface LoggedEvent {
  call: string
  seq: number
  at: number
  event:
    | CallStarted
    | TranscriptFinal
    | TicketChanged
    | TemplatesRanked
    | QuestionsDue
    | DispatchSuggested
    | RecordDrafted
    | GuidesFound
    | MattersFound
    | AlertRaised
    | AgentAccepted
    | AgentEdited
    | AgentRejected
    | AgentChoseTemplate
    | AgentUndone
    | AgentSubmitted
    | CallEnded
}
/**
 * A call began. ``started_at`` is what relative times ("昨晚") are resolved against.
 */
export interface CallStarted {
  type: 'call.started'
  started_at: string
  caller_number?: string | null
  agent?: string | null
  catalogue?: string
  model?: string
}
/**
 * A finished utterance. ``turn`` counts from 0; ``times`` are ``[start, end]`` seconds of each character;
 * ``repairs`` are in order and apart; ``readings`` are what else may have been said, likeliest first; ``doubts`` are
 * the stretches of ``text``, ``[first character, one after the last]``, that the recogniser was not sure of.
 *
 * ``language`` is the ISO code of what a caller speaks instead of Chinese (``und``: could not be told); the text of
 * such a turn is what the recogniser made of it and fills nothing.
 */
export interface TranscriptFinal {
  type: 'transcript.final'
  turn: number
  speaker: Speaker
  text: string
  start: number
  end: number
  times?: [number, number][]
  channel?: number
  utterance?: number
  language?: string | null
  repairs?: WordRepair[]
  readings?: string[]
  doubts?: [number, number][]
}
/**
 * Characters ``start:end`` of a text name a place or unit that sounds like what was ``heard`` there.
 */
export interface WordRepair {
  start: number
  end: number
  heard: string
}
/**
 * What the machine now thinks. ``slots`` holds only those that changed; ``None`` withdraws a value.
 *
 * ``request_type`` and ``domain`` are given every time, as they now stand (``None``: not known).
 */
export interface TicketChanged {
  type: 'ticket.changed'
  slots?: {
    [k: string]: SlotValue | null
  }
  request_type?: Choice | null
  domain?: Choice | null
}
/**
 * A filled slot. ``confidence`` is a probability; ``confirmed``: the other party let a read-back stand.
 *
 * ``normalized`` is the machine form where it differs from how a ticket writes the value: for ``occurred_at`` an
 * ISO 8601 interval, for ``address`` nothing.
 */
export interface SlotValue {
  value: string | number | boolean
  confidence: number
  evidence: Evidence[]
  normalized?: string | null
  confirmed?: boolean
}
/**
 * The words a value rests on: characters ``start:end`` of turn ``turn``, said ``from_s`` to ``to_s`` seconds.
 */
export interface Evidence {
  turn: number
  start: number
  end: number
  text: string
  from_s: number
  to_s: number
}
/**
 * One of a closed set (request type, domain, unit) with its probability and the words that speak for it.
 */
export interface Choice {
  value: string
  confidence: number
  evidence?: Evidence[]
}
/**
 * The record templates that fit best, best first.
 */
export interface TemplatesRanked {
  type: 'templates.ranked'
  templates: RankedTemplate[]
}
/**
 * A record template that may fit. ``matched`` are words of the call that speak for it.
 */
export interface RankedTemplate {
  code: string
  title: string
  domain: string
  request_type: string
  probability: number
  matched?: string[]
}
/**
 * What to ask next, most useful first.
 */
export interface QuestionsDue {
  type: 'questions.due'
  questions: Question[]
}
/**
 * What to ask next. ``slot``: a required slot that is still empty, or ``template`` or ``request_type`` where the
 * answer decides between the ``options`` (codes of templates, request types). ``apart``: what tells them apart.
 */
export interface Question {
  slot: string
  text: string
  options?: Option[]
  apart?: string
}
/**
 * A possible answer to a question: the value it sets and how it reads.
 */
export interface Option {
  value: string
  label: string
}
/**
 * The unit that should handle the matter; ``None`` when nothing can be said.
 */
export interface DispatchSuggested {
  type: 'dispatch.suggested'
  dispatch: Dispatch | null
}
/**
 * The unit that should handle the matter. ``decision``: ``suggest`` (sure enough to dispatch), ``ask``
 * (``question`` would decide) or ``abstain``.
 *
 * ``certified``: the error rate that suggestions are certified to keep to (0.0181: at most 1.81 %, with 95 %
 * confidence, for tickets like those the certificate was made with); None where nothing is certified.
 */
export interface Dispatch {
  unit: string
  confidence: number
  decision: string
  alternatives?: string[]
  certified?: number | null
  question?: string | null
}
/**
 * The record text and the summary as the machine would write them now, in parts that tell what they rest on.
 */
export interface RecordDrafted {
  type: 'record.drafted'
  draft: Draft
}
/**
 * What the machine would write: the record text of ``template`` (a code; empty: none fits) and a summary.
 */
export interface Draft {
  template?: string
  record?: Part[]
  summary?: Part[]
}
/**
 * A stretch of a text written for the agent: words of a template or frame (no ``slot``, no evidence), words of the
 * caller, the value of a ``slot``, or a gap where that is not ``filled`` (``text`` is then its ``label``).
 */
export interface Part {
  text: string
  slot?: string | null
  filled?: boolean
  evidence?: Evidence[]
  label?: string
}
/**
 * What to tell the caller about the matter, best first; none of them has expired at the call's start.
 */
export interface GuidesFound {
  type: 'guides.found'
  guides: Guide[]
}
/**
 * What to tell the caller about the matter, and who answers for it. ``valid_until``: ISO date, the last day.
 */
export interface Guide {
  code: string
  question: string
  answer: string
  source: string
  owner: string
  valid_until: string
  steps?: string[]
}
/**
 * The further matters of the call, each a ticket of its own.
 */
export interface MattersFound {
  type: 'matters.found'
  others: OtherMatter[]
}
/**
 * A second ticket of the same call. ``announced``: the words that say there is another matter. ``slots`` are its
 * own, the caller's, and the place of the first matter where it names none.
 */
export interface OtherMatter {
  announced: Evidence
  slots?: {
    [k: string]: SlotValue
  }
  request_type?: Choice | null
  domain?: Choice | null
  templates?: RankedTemplate[]
  dispatch?: Dispatch | null
  draft?: Draft
}
/**
 * Something that cannot wait (fire, injury, crime, a caller who asks for confidentiality).
 */
export interface AlertRaised {
  type: 'alert.raised'
  alert: Alert
}
/**
 * Something that cannot wait: ``kind`` is ``110``, ``119``, ``120``, ``language`` or ``confidential``.
 */
export interface Alert {
  kind: string
  text: string
  evidence?: Evidence[]
}
/**
 * The agent took the machine's value of a slot as it stands.
 */
export interface AgentAccepted {
  type: 'agent.accepted'
  command: string
  slot: string
  value: string | number | boolean
}
/**
 * The agent wrote a value; the machine never overwrites it.
 *
 * ``slot`` may also be ``request_type``, ``domain`` or ``department``.
 */
export interface AgentEdited {
  type: 'agent.edited'
  command: string
  slot: string
  value: string | number | boolean
}
/**
 * The agent refused the machine's value: the slot is empty and stays so until the agent fills it.
 */
export interface AgentRejected {
  type: 'agent.rejected'
  command: string
  slot: string
}
/**
 * The agent chose a record template; ``request_type`` and ``domain`` are the template's own.
 */
export interface AgentChoseTemplate {
  type: 'agent.chose_template'
  command: string
  code: string
  title?: string
  request_type?: string
  domain?: string
}
/**
 * The agent took back the event with sequence number ``undone``.
 */
export interface AgentUndone {
  type: 'agent.undone'
  command: string
  undone: number
}
/**
 * The agent filed the ticket; ``slots`` are the values as filed, ``record`` and ``summary`` the texts with gaps in
 * brackets. Nothing can be changed afterwards.
 */
export interface AgentSubmitted {
  type: 'agent.submitted'
  command: string
  slots: {
    [k: string]: string | number | boolean
  }
  template?: string | null
  request_type?: string | null
  domain?: string | null
  department?: string | null
  record?: string
  summary?: string
  others?: OtherMatter[]
}
/**
 * The audio is over; the ticket can still be edited and submitted. ``seconds`` is the length of the audio.
 */
export interface CallEnded {
  type: 'call.ended'
  seconds: number
  reason?: 'stopped' | 'lost'
}
/**
 * Interim text of one channel; replaces the former one of this ``speaker`` whole, empty ``text`` clears it.
 */
export interface DeskPartial {
  type: 'partial'
  call: string
  speaker: Speaker
  text: string
  stable?: number
  start: number
  end: number
  repairs?: WordRepair[]
}
/**
 * What interim text fills, as the difference to the stored ticket; replaces the former message whole.
 *
 * ``alerts`` are those that interim text raises and that no event has raised yet.
 */
export interface DeskProvisional {
  type: 'provisional'
  call: string
  slots?: {
    [k: string]: SlotValue
  }
  request_type?: Choice | null
  domain?: Choice | null
  templates?: RankedTemplate[] | null
  alerts?: Alert[]
}
/**
 * A call started, raised an alert, ended or was submitted: for the list of calls.
 */
export interface DeskCall {
  type: 'call'
  summary: DeskSummary
}
/**
 * All events up to ``seq`` were sent; what follows is live.
 */
export interface DeskCaughtUp {
  type: 'caught_up'
  call: string
  seq: number
}
/**
 * A command took effect as event ``seq`` (also answered, with the same ``seq``, when it is sent again).
 */
export interface DeskDone {
  type: 'done'
  command: string
  seq: number
}
/**
 * A message could not be carried out; ``code`` is one of ``docs/protocol.md``, ``call`` the call it named.
 */
export interface DeskRefused {
  type: 'refused'
  command?: string | null
  call?: string | null
  code: string
  message: string
  detail?: string
}
/**
 * How far recognition is behind speech on a subscribed call, seconds; for the connection light.
 */
export interface DeskLag {
  type: 'lag'
  call: string
  seconds: number
}
/**
 * Whether a subscribed call, which is over, is being read as a whole: its ticket may still change.
 */
export interface DeskReading {
  type: 'reading'
  call: string
  reading: boolean
}
/**
 * Whether audio of a subscribed call comes: not while nobody feeds it, nor while its feeder sends nothing.
 */
export interface DeskFeed {
  type: 'feed'
  call: string
  connected: boolean
}
/**
 * The answer to ``ping``.
 */
export interface DeskPong {
  type: 'pong'
  id: string
}
/**
 * Send all events of ``call`` after ``after`` (0: from the start), then live.
 */
export interface Subscribe {
  type: 'subscribe'
  call: string
  after?: number
}
/**
 * Stop sending the events of ``call``.
 */
export interface Unsubscribe {
  type: 'unsubscribe'
  call: string
}
/**
 * Take the machine's value of ``slot``.
 */
export interface Accept {
  type: 'accept'
  id: string
  call: string
  slot: string
}
/**
 * Write ``value`` into ``slot`` (a slot of the catalogue, ``request_type``, ``domain`` or ``department``).
 */
export interface Edit {
  type: 'edit'
  id: string
  call: string
  slot: string
  value: string | number | boolean
}
/**
 * Refuse the machine's value of ``slot``.
 */
export interface Reject {
  type: 'reject'
  id: string
  call: string
  slot: string
}
/**
 * Choose the record template ``code``.
 */
export interface ChooseTemplate {
  type: 'choose_template'
  id: string
  call: string
  code: string
}
/**
 * Take back the agent's last action on this call that was not yet undone.
 */
export interface Undo {
  type: 'undo'
  id: string
  call: string
}
/**
 * File the ticket as it now stands.
 */
export interface Submit {
  type: 'submit'
  id: string
  call: string
}
/**
 * Is the connection alive? Answered with ``pong``.
 */
export interface Ping {
  type: 'ping'
  id: string
}
/**
 * First message of an audio connection. Binary frames of interleaved samples follow.
 *
 * ``roles`` names the speaker of each channel. A call that exists already is resumed: the answer says how many
 * sample frames (one sample of each channel) are stored; send from there.
 */
export interface AudioStart {
  type: 'start'
  format: 'pcm_s16le' | 'alaw' | 'mulaw'
  sample_rate: number
  channels: number
  roles: Speaker[]
  started_at?: string | null
  caller_number?: string | null
  agent?: string | null
}
/**
 * No more audio: finish the call.
 */
export interface AudioStop {
  type: 'stop'
}
/**
 * The call is open; ``received`` sample frames are already stored (0 for a new call).
 */
export interface AudioStarted {
  type: 'started'
  call: string
  received: number
}
/**
 * ``received`` sample frames are on disk.
 */
export interface AudioAck {
  type: 'ack'
  received: number
}
/**
 * Everything is recognised and stored; the connection closes with 1000.
 */
export interface AudioStopped {
  type: 'stopped'
  call: string
  received: number
}
/**
 * What was wrong and what to do; the connection closes with the code of ``docs/protocol.md``.
 */
export interface AudioError {
  type: 'error'
  code: string
  message: string
  detail?: string
}
/**
 * A call: its line in the list and its ticket.
 */
export interface CallView {
  summary: CallSummary
  ticket: TicketView
}
/**
 * A call in a list; holds nothing of what was said.
 */
export interface CallSummary {
  call: string
  started_at: string
  status: 'live' | 'ended' | 'submitted'
  seconds: number
  last_seq: number
}
/**
 * One call's ticket. ``confidence`` holds only the choices that are the machine's own.
 */
export interface TicketView {
  call: string
  status: 'live' | 'ended' | 'submitted'
  started_at: string
  seconds: number
  slots: {
    [k: string]: ShownSlot
  }
  request_type: string | null
  domain: string | null
  department: string | null
  confidence: {
    [k: string]: number
  }
  template: ShownTemplate | null
  templates: RankedTemplate[]
  questions: Question[]
  dispatch: Dispatch | null
  alerts: Alert[]
  guides: Guide[]
  others: OtherMatter[]
  record: ShownText
  summary: ShownText
  transcript: ShownTurn[]
  catalogue: string
  model: string
}
/**
 * A slot as the form shows it; ``machine`` is the machine's opinion beside a human's value.
 */
export interface ShownSlot {
  value: string | number | boolean | null
  confidence?: number | null
  confirmed?: boolean
  normalized?: string | null
  source?: 'machine' | 'accepted' | 'edited' | 'rejected'
  evidence?: Evidence[]
  machine?: SlotValue | null
}
/**
 * The record template the agent chose.
 */
export interface ShownTemplate {
  code: string
  title: string
}
/**
 * A text that was written for the agent, whole (gaps in brackets) and in the parts it is made of.
 */
export interface ShownText {
  text: string
  parts: Part[]
}
/**
 * One finished utterance; ``start`` and ``end`` in seconds of call audio.
 */
export interface ShownTurn {
  turn: number
  speaker: Speaker
  text: string
  start: number
  end: number
}
/**
 * A page of the calls that were searched for. ``next``: the place to read on from, None after the last page;
 * ``unread``: calls of an earlier version whose tickets are still being read, so that they are found by time, status
 * and length only.
 */
export interface FoundCalls {
  calls: ListedCall[]
  next: string | null
  unread: number
}
/**
 * A call in a list that was searched for. Empty texts: not known; see `assist.facts.Facts`.
 */
export interface ListedCall {
  call: string
  started_at: string
  status: 'live' | 'ended' | 'submitted'
  seconds: number
  last_seq: number
  agent: string
  template: string
  title: string
  unit: string
  district: string
  alerts: string[]
  ticket: 'untouched' | 'accepted' | 'edited'
}
