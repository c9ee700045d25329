/** A value of JSON's kinds as a Lua expression; all keys are texts. */
export const luaOf = (value: unknown, indent = ''): string => {
  if (typeof value === 'string') return textOf(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const entries = Array.isArray(value)
    ? value.map((item) => luaOf(item, inner))
    : Object.entries(value).map(([key, item]) => `[${textOf(key)}] = ${luaOf(item, inner)}`)
  if (entries.length === 0) return '{}'
  return `{\n${entries.map((entry) => `${inner}${entry},\n`).join('')}${indent}}`
}

// By bytes, in decimal, as Lua has no other escape that ends by itself.
const textOf = (text: string): string => {
  const bytes = Array.from(new TextEncoder().encode(text))
  const escaped = (byte: number) => `\\${String(byte).padStart(3, '0')}`
  const isPlain = (byte: number) => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92
  return `"${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escaped(byte))).join('')}"`
}
