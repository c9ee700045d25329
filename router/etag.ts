const encoder = new TextEncoder()
const bytes = new Uint8Array(1 << 16)
const words = new Uint32Array(bytes.buffer)

/**
 * The weak validator of a text: another text has another, but for one in 2^64. It is made for each answer, so it is no
 * cryptographic hash, which would take several times as long and a runtime's own module; it takes the text by four bytes.
 */
export const etagOf = (text: string): string => {
  let first = 0
  let second = 1
  for (let rest = text; rest !== '';) {
    const { read, written } = encoder.encodeInto(rest, bytes)
    rest = rest.slice(read)
    const end = (written + 3) >>> 2
    bytes.fill(0, written, end << 2)
    for (let at = 0; at < end; at += 1) {
      const word = words[at] as number
      // Rotated, since a product carries what differs upwards alone.
      first = Math.imul(((first << 5) | (first >>> 27)) ^ word, 0x9e3779b1)
      second = Math.imul(((second << 13) | (second >>> 19)) ^ word, 0x85ebca6b)
    }
  }
  // Without its length, a text would share the validator of one that ends in more zero bytes.
  return `W/"${first ^ text.length}.${second ^ text.length}"`
}

/** Whether what a client has kept, as its `If-None-Match` tells, is what this validator stands for. */
export const isKept = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((tag) => {
    const kept = tag.trim()
    return kept === '*' || kept.replace(/^W\//, '') === etag.slice(2)
  })
