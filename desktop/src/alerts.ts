/** What the strip over the page shows: alerts that were raised, then those that interim text raises. */
import type { CallState } from './call'
import type { Alert, DeskProvisional } from './messages'

export interface ShownAlert {
  /** The same for an alert of interim text and for the one that its final raises: what is dismissed stays so. */
  key: string
  alert: Alert
  interim: boolean
}

export function shownAlerts(state: CallState | null, provisional: DeskProvisional | null): ShownAlert[] {
  if (!state) return []
  const key = (alert: Alert): string => `${state.call}#${alert.kind}#${alert.text}`
  const raised = state.alerts.map((alert) => ({ key: key(alert), alert, interim: false }))
  const known = new Set(raised.map((one) => one.key))
  const interim = (provisional?.alerts ?? []).map((alert) => ({ key: key(alert), alert, interim: true }))
  return [...raised, ...interim.filter((one) => !known.has(one.key))]
}
