import { describe, expect, it } from 'vitest'
import { shownAlerts } from '../src/alerts'
import { emptyCall } from '../src/call'
import type { Alert } from '../src/messages'

const fire: Alert = { kind: '119', text: '疑似火情' }
const interim = { type: 'provisional' as const, call: 'c-1', alerts: [fire] }

describe('what cannot wait', () => {
  it('shows as soon as interim text says it', () => {
    expect(shownAlerts(emptyCall('c-1'), interim).map((one) => [one.alert.kind, one.interim])).toEqual([['119', true]])
  })

  it('is one alert once the final raises it, and stays dismissed', () => {
    const raised = { ...emptyCall('c-1'), alerts: [fire] }
    const [early] = shownAlerts(emptyCall('c-1'), interim)
    expect(shownAlerts(raised, interim)).toEqual([{ key: early!.key, alert: fire, interim: false }])
  })
})
