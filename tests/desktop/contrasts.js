// The contrast of every text on the page with what it stands on, the lowest first; what is transparent stands on what is behind it.
() => {
  const parse = (text) => { const found = text.match(/[\d.]+/g).map(Number); return { rgb: found.slice(0, 3), alpha: found[3] ?? 1 } }
  const light = (rgb) => { const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b }
  const ground = (node) => {
    for (let one = node; one; one = one.parentElement) {
      const { rgb, alpha } = parse(getComputedStyle(one).backgroundColor)
      if (alpha > 0.99) return rgb
    }
    return [255, 255, 255]
  }
  const found = []
  for (const node of document.querySelectorAll('body *')) {
    const own = node.tagName === 'INPUT' ? node.value : [...node.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data).join('').trim()
    const box = node.getBoundingClientRect()
    if (!own || !box.width || !node.checkVisibility({ visibilityProperty: true }) || node.closest('.visually-hidden, :disabled')) continue
    const [a, b] = [light(parse(getComputedStyle(node).color).rgb), light(ground(node))]
    found.push([(Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05), own.slice(0, 20)])
  }
  return found.sort((a, b) => a[0] - b[0])
}
