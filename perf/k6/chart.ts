/** A line of a chart: its name, its colour as CSS, and a value for each point in time. */
export type Line = {
  readonly name: string
  readonly color: string
  readonly values: readonly number[]
  readonly dashed?: boolean
}

const width = 860
const height = 240
const left = 64
const right = 12
const top = 12
const bottom = 28

/** Text that is safe within HTML, and within the quotes of an attribute. */
export const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

/** A number as a person reads it: no more digits than say something. */
export const readable = (value: number): string =>
  value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 2 : value < 100 ? 1 : 0 })

/** Round numbers from 0, about five of them, of which the last is not less than a value. */
const scaleOf = (value: number): number[] => {
  const rough = Math.max(value, 1e-9) / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10) * power
  return Array.from({ length: Math.ceil(value / step) + 1 }, (_, index) => index * step)
}

/** Lines over so many seconds, as SVG that needs nothing else. Whoever points at one of the `times` is told its values. */
export const lineChart = (
  label: string,
  unit: string,
  { seconds, times }: { readonly seconds: number; readonly times: readonly number[] },
  lines: readonly Line[],
): string => {
  const scale = scaleOf(Math.max(...lines.flatMap(({ values }) => values), 1e-6))
  const most = scale.at(-1) ?? 1
  const x = (time: number) => left + (time / seconds) * (width - left - right)
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom)

  const rules = scale.map(
    (value) => `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}"/>
<text x="${left - 8}" y="${y(value) + 4}" text-anchor="end">${readable(value)}</text>`,
  )
  const marks = scaleOf(seconds)
    .filter((time) => time <= seconds)
    .map((time) => `<text x="${x(time)}" y="${height - 8}" text-anchor="middle">${readable(time)} s</text>`)
  const drawn = lines.map(({ color, values, dashed }) => {
    const points = values.map((value, index) => `${x(times[index] ?? 0).toFixed(1)},${y(value).toFixed(1)}`)
    return `<polyline points="${points.join(' ')}" stroke="${escape(color)}"${dashed ? ' stroke-dasharray="4 4"' : ''}/>`
  })
  const slice = (width - left - right) / Math.max(times.length, 1)
  const told = times.map((time, index) => {
    const values = lines.map(({ name, values }) => `${name}: ${readable(values[index] ?? 0)} ${unit}`)
    return `<rect x="${(x(time) - slice / 2).toFixed(1)}" y="${top}" width="${slice.toFixed(1)}" height="${height - top - bottom}"><title>${escape(`${readable(time)} s\n${values.join('\n')}`)}</title></rect>`
  })
  const legend = lines.map(({ name, color }) => `<li><i style="background:${escape(color)}"></i>${escape(name)}</li>`)
  return `<figure>
<figcaption>${escape(label)} <small>${escape(unit)}</small></figcaption>
<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(label)}">
${[...rules, ...marks, ...drawn, ...told].join('\n')}
</svg>
<ul>${legend.join('')}</ul>
</figure>`
}
