/** What the strip over the conversation shows: alerts that were raised, then those that interim text raises. */
import { reactive } from 'vue'
import type { CallState } from './call'
import type { Alert, DeskProvisional } from './messages'

export interface ShownAlert {
  /** The same for an alert of interim text and for the one that its final raises: what is dismissed stays so. */
  key: string
  alert: Alert
  interim: boolean
}

/** Keys of the alerts that the agent has taken note of, also when the call comes into view again. */
export const dismissed = reactive(new Set<string>())

export function shownAlerts(state: CallState | null, provisional: DeskProvisional | null): ShownAlert[] {
  if (!state) return []
  const key = (alert: Alert): string => `${state.call}#${alert.kind}#${alert.text}`
  const raised = state.alerts.map((alert) => ({ key: key(alert), alert, interim: false }))
  const known = new Set(raised.map((one) => one.key))
  const interim = (provisional?.alerts ?? []).map((alert) => ({ key: key(alert), alert, interim: true }))
  return [...raised, ...interim.filter((one) => !known.has(one.key))]
}
