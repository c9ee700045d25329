/** The most entries of a list or an object in an input, and the longest key. */
export const maxEntries = 100
const maxKeyLength = 500

/** The most issues that a failure lists. */
export const maxIssues = 20

/**
 * What an input names too many of, or at too great length, looked for before any entry is checked: a list of thousands
 * costs no more to refuse than one of a hundred, and its refusal says no more.
 */
export const findOversized = (input: unknown): { readonly path: string[]; readonly message: string } | undefined => {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined
  for (const [field, value] of Object.entries(input)) {
    if (typeof value !== 'object' || value === null) continue
    const keys = Array.isArray(value) ? [] : Object.keys(value)
    if (Math.max(keys.length, Array.isArray(value) ? value.length : 0) > maxEntries)
      return { path: [field], message: `${field} must have at most ${maxEntries} entries` }
    if (keys.some((key) => key.length > maxKeyLength))
      return { path: [field], message: `${field} must have keys of at most ${maxKeyLength} characters` }
  }
  return undefined
}
