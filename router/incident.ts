/** A request that failed with an error; the caller learns its id alone. */
export type Incident = {
  readonly requestId: string
  readonly method: string
  readonly path: string
  readonly error: unknown
}

/** Writes an incident to standard error, as one line of JSON. */
export const logIncident = (incident: Incident): void => {
  console.error(JSON.stringify({ level: 'error', ...describeIncident(incident) }))
}

/** An incident as texts, without what people sent: e-mail addresses, and values that errors quote. */
export const describeIncident = ({ requestId, method, path, error }: Incident) => ({
  requestId,
  method,
  path: withoutPeople(path),
  error: withoutPeople(describeError(error)),
})

/** The stack of an error, and of what caused it. */
const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const text = withoutValues(error)
  return error.cause === undefined ? text : `${text}\nCaused by ${describeError(error.cause)}`
}

/** PostgreSQL quotes the value that it cannot read (class 22), and a parser of JSON the text. */
const withoutValues = (error: Error): string => {
  const { message, stack = message } = error
  const { code } = error as { code?: unknown }
  const quotesValue = String(code).startsWith('22') || error instanceof SyntaxError
  return quotesValue ? stack.replace(/".*"/s, '"..."') : stack
}

const withoutPeople = (text: string): string => text.replaceAll(/[\w.+%-]+@[\w-]+(\.[\w-]+)*\.[a-z]{2,}/gi, '[e-mail]')
