/** Finding one of a list by what is typed: its own words, or signs of it in their order, as names are shortened (城管, 人社局). */

/** The options that `typed` may mean: those that begin with it, then those that hold it, then those that hold its signs in order. */
export function matching(options: readonly string[], typed: string): readonly string[] {
  const wanted = typed.trim().toLowerCase()
  if (!wanted) return options
  const ranked = options.map((option) => ({ option, rank: rank(option.toLowerCase(), wanted) }))
  return [0, 1, 2].flatMap((place) => ranked.filter((one) => one.rank === place).map((one) => one.option))
}

function rank(option: string, wanted: string): number | null {
  if (option.startsWith(wanted)) return 0
  if (option.includes(wanted)) return 1
  let at = -1
  for (const sign of wanted) {
    at = option.indexOf(sign, at + 1)
    if (at < 0) return null
  }
  return 2
}
