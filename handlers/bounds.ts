/** The maximum number of entries of a list or an object in an input. */
export const maxEntries = 100
/** The maximum length of a key of an object in an input. */
export const maxKeyLength = 500

/** The maximum number of issues that a failure lists. */
export const maxIssues = 20

/**
 * The first field of an input with too many entries or too long a key. It is looked for before validation, so that a
 * list of thousands costs no more to refuse than one of a hundred.
 */
export const findOversized = (input: unknown): { readonly path: string[]; readonly message: string } | undefined => {
  for (const [field, value] of Object.entries(input ?? {})) {
    if (typeof value !== 'object' || value === null) continue
    const keys = Array.isArray(value) ? [] : Object.keys(value)
    if (Math.max(keys.length, Array.isArray(value) ? value.length : 0) > maxEntries)
      return { path: [field], message: `${field} must have at most ${maxEntries} entries` }
    if (keys.some((key) => key.length > maxKeyLength))
      return { path: [field], message: `${field} must have keys of at most ${maxKeyLength} characters` }
  }
  return undefined
}
