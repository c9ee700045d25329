const encoder = new TextEncoder()
const bytes = new Uint8Array(1 << 16)
const words = new Uint32Array(bytes.buffer)

/**
 * Computes the weak validator of a text; two texts share one with a probability of 2^-64. It hashes four bytes at a
 * time: a cryptographic hash would take several times as long, and a module of the runtime.
 */
export const computeEtag = (text: string): string => {
  let first = 0
  let second = 1
  for (let rest = text; rest !== '';) {
    const { read, written } = encoder.encodeInto(rest, bytes)
    rest = rest.slice(read)
    const end = (written + 3) >>> 2
    bytes.fill(0, written, end << 2)
    for (let at = 0; at < end; at += 1) {
      const word = words[at] as number
      // Rotated, as a product carries differences only to higher bits.
      first = Math.imul(((first << 5) | (first >>> 27)) ^ word, 0x9e3779b1)
      second = Math.imul(((second << 13) | (second >>> 19)) ^ word, 0x85ebca6b)
    }
  }
  // Without the length, texts that end in zero bytes would share a validator.
  return `W/"${first ^ text.length}.${second ^ text.length}"`
}

/** True if an `If-None-Match` names a validator, by weak comparison (RFC 9110), or is `*`. */
export const matchesEtag = (ifNoneMatch: string, etag: string): boolean =>
  ifNoneMatch.split(',').some((tag) => {
    const trimmed = tag.trim()
    return trimmed === '*' || trimmed.replace(/^W\//, '') === etag.slice(2)
  })
