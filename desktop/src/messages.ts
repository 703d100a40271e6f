/** The two directions of the desk connection under short names; every type is generated from the server's models. */
import type { Wire } from './wire'

export type ServerMessage = Wire['desk_message']
export type PageMessage = Wire['page_message']
export type {
  Alert,
  CallSummary,
  DeskPartial,
  DeskProvisional,
  DeskRefused,
  DeskSummary,
  Dispatch,
  Draft,
  Evidence,
  FoundCalls,
  ListedCall,
  OtherMatter,
  Part,
  Question,
  RankedTemplate,
  SlotValue,
  Speaker,
  TranscriptFinal,
  WordRepair,
} from './wire'
