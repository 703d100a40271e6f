/** How times, values and probabilities are written on the page. */
import type { Value } from './call'

/** Seconds of call audio as `m:ss`. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`
}

/** A date of the wire as hours and minutes of the hotline, whatever zone the browser is in. */
export function timeOfDay(iso: string): string {
  return iso.slice(11, 16)
}

/** Likewise with the day. */
export function dayAndTime(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}

export function percent(probability: number): string {
  return String(Math.round(probability * 100))
}

/** What the agent typed as the value a slot of this kind holds: money and counts are numbers where they read as such. */
export function parseValue(kind: string, text: string): Value {
  if ((kind === 'money' || kind === 'count') && /^\d+(\.\d+)?$/.test(text)) return Number(text)
  return text
}

/** How sure a value is, in the three steps that colours and signs tell apart; empty where nothing is said of it. */
export type Sureness = '' | 'low' | 'fair' | 'high'

export function sureness(confidence: number | null): Sureness {
  if (confidence === null) return ''
  return confidence >= 0.85 ? 'high' : confidence >= 0.6 ? 'fair' : 'low'
}
