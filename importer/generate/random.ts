/** Hashes two integers into 32 bits; similar inputs give unrelated outputs. */
export const mix = (a: number, b: number): number => {
  let bits = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(b, 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 16), 0x7feb352d)
  bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
  return (bits ^ (bits >>> 16)) >>> 0
}

/** A seeded pseudorandom sequence, the same on every machine. */
export type Random = {
  /** Restarts the sequence from a seed. */
  readonly restart: (seed: number) => void
  /** At least 0, less than 1. */
  readonly next: () => number
  /** An integer from 0 to `limit` - 1. */
  readonly below: (limit: number) => number
  /** True with this probability. */
  readonly chance: (probability: number) => boolean
  /** An item of a non-empty list. */
  readonly pick: <T>(list: readonly T[]) => T
}

/** Mulberry32: 32 bits of state, so that each product can have a seed. */
export const createRandom = (seed: number): Random => {
  let state = seed | 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let bits = Math.imul(state ^ (state >>> 15), 1 | state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return ((bits ^ (bits >>> 14)) >>> 0) / 4294967296
  }
  return {
    restart: (seed) => {
      state = seed | 0
    },
    next,
    below: (limit) => Math.floor(next() * limit),
    chance: (probability) => next() < probability,
    pick: <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T,
  }
}
