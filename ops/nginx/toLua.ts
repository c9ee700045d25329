/** A JSON value as a Lua expression. */
export const toLua = (value: unknown, indent = ''): string => {
  if (typeof value === 'string') return toLuaString(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = `${indent}  `
  const entries = Array.isArray(value)
    ? value.map((item) => toLua(item, inner))
    : Object.entries(value).map(([key, item]) => `[${toLuaString(key)}] = ${toLua(item, inner)}`)
  if (entries.length === 0) return '{}'
  return `{\n${entries.map((entry) => `${inner}${entry},\n`).join('')}${indent}}`
}

// Escapes are decimal bytes of three digits: Lua's shorter ones run into a digit that follows.
const toLuaString = (text: string): string => {
  const bytes = Array.from(new TextEncoder().encode(text))
  const escape = (byte: number) => `\\${String(byte).padStart(3, '0')}`
  const isPlain = (byte: number) => byte >= 32 && byte < 127 && byte !== 34 && byte !== 92
  return `"${bytes.map((byte) => (isPlain(byte) ? String.fromCharCode(byte) : escape(byte))).join('')}"`
}
