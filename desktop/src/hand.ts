/** Whether the agent's hand is on a part of the page: while it is, nothing there changes its place. */
import { ref, type Ref } from 'vue'

const REST = 4_000 // ms that is waited for a hand; one left lying there must not stop it for good

export interface Hand {
  held: Readonly<Ref<boolean>>
  /** The agent points at something there or has the focus on it. */
  hold: () => void
  release: () => void
}

export function hand(): Hand {
  const held = ref(false)
  let rest: ReturnType<typeof setTimeout> | undefined
  const release = (): void => {
    clearTimeout(rest)
    held.value = false
  }
  const hold = (): void => {
    clearTimeout(rest)
    held.value = true
    rest = setTimeout(release, REST)
  }
  return { held, hold, release }
}

/** On the form. */
export const onForm = hand()
