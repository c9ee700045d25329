/** Whether a value of an answer is what it must be. */
export type Shape = (value: unknown) => boolean

export const number: Shape = (value) => typeof value === 'number'
export const text: Shape = (value) => typeof value === 'string'
export const truth: Shape = (value) => typeof value === 'boolean'
export const digits: Shape = (value) => typeof value === 'string' && /^\d+$/.test(value)
export const price: Shape = (value) => typeof value === 'string' && /^\d+\.\d\d$/.test(value)
export const midnight: Shape = (value) => typeof value === 'string' && value.endsWith('T00:00:00.000Z')

/** Exactly this value. */
export const only =
  (expected: unknown): Shape =>
  (value) =>
    value === expected

export const orNull =
  (shape: Shape): Shape =>
  (value) =>
    value === null || shape(value)

// Of many items one at random is looked at: all of them would cost k6 more than to send the request.
const oneOf = (values: readonly unknown[], shape: Shape): boolean =>
  values.length === 0 || shape(values[Math.floor(Math.random() * values.length)])

/** A list of such items, and not longer than clients asked for. */
export const list =
  (shape: Shape, longest = Infinity): Shape =>
  (value) =>
    Array.isArray(value) && value.length <= longest && oneOf(value, shape)

/** An object whose keys are data. */
export const record =
  (shape: Shape): Shape =>
  (value) =>
    isObject(value) && oneOf(Object.values(value), shape)

// Loops of the plainest kind: k6's engine interprets them, once for every answer.

/** An object with these keys, in their order, and no others. */
export const object = (shapes: Readonly<Record<string, Shape>>): Shape => {
  const names = Object.keys(shapes)
  const values = Object.values(shapes)
  return (value) => {
    if (!isObject(value)) return false
    const found = Object.keys(value)
    if (found.length !== names.length) return false
    for (let n = 0; n < names.length; n += 1) {
      const name = names[n] as string
      if (found[n] !== name || !values[n]?.(value[name])) return false
    }
    return true
  }
}

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
