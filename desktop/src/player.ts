/** Plays stretches of a call's recording. */
import { ref } from 'vue'
import { audioUrl } from './api'

const BEFORE = 0.2 // seconds of audio around what was asked for, so that words are not cut
const AFTER = 0.4

export const playing = ref<number | null>(null) // second the playback was asked for, null when silent
export const position = ref<number | null>(null) // second that is heard now, null when silent
export const broken = ref(false)
let audio: HTMLAudioElement | null = null
let until = Infinity

/** Play `call` from second `from` to second `to` (to the end without it). Asked again while it plays, it stops. */
export function play(call: string, from: number, to = Infinity): void {
  if (playing.value === from) {
    stop()
    return
  }
  audio ??= prepare()
  until = to + AFTER
  playing.value = from
  position.value = from
  broken.value = false
  // Always anew: the recording of a live call has grown since.
  audio.src = `${audioUrl(call)}#t=${Math.max(0, from - BEFORE).toFixed(2)}`
  audio.play().catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') return // another stretch was asked for meanwhile
    stop()
    broken.value = true
  })
}

export function stop(): void {
  audio?.pause()
  playing.value = null
  position.value = null
}

function prepare(): HTMLAudioElement {
  const element = new Audio()
  element.addEventListener('timeupdate', () => {
    if (playing.value === null) return
    if (element.currentTime >= until) stop()
    else position.value = Math.max(playing.value, element.currentTime)
  })
  element.addEventListener('ended', stop)
  return element
}
