/** Days and times as they are typed and as they are written: year-month-day hour:minute, 24 hours, in every language. */

const TYPED = /^(\d{4})(?:[-/.年]\s*(\d{1,2})[-/.月]\s*(\d{1,2})日?|(\d\d)(\d\d))(?:[\sT]+(\d{1,2})[:时点](\d{1,2})?分?)?$/

/** `2026-03-02` or `2026-03-02 09:05` of what was typed (`2026/3/2 9:05`, `20260302`, `2026年3月2日`); null where it is no day. */
export function dayOf(typed: string): string | null {
  const plain = typed.normalize('NFKC').trim() // an input method may write wide digits and colons
  const [, year, month, day, mm, dd, hour, minute] = TYPED.exec(plain) ?? []
  if (!year) return null
  const date = [year, two(month ?? mm), two(day ?? dd)].join('-')
  const real = new Date(`${date}T00:00Z`)
  if (Number.isNaN(real.getTime()) || real.toISOString().slice(0, 10) !== date) return null
  if (hour === undefined) return date
  if (Number(hour) > 23 || Number(minute ?? 0) > 59) return null
  return `${date} ${two(hour)}:${two(minute)}`
}

const two = (digits: string | undefined): string => (digits ?? '').padStart(2, '0')
