/** True for an id that is short and plain: it goes into headers and logs. */
export const isRequestId = (id: string): boolean => /^[\w=-]{1,128}$/.test(id)

const newIds = new WeakMap<Request, string>()

/** The `X-Request-Id` of a request if it is short and plain, else a UUID, which stays the same. */
export const requestId = (request: Request): string => {
  const sent = request.headers.get('x-request-id')
  if (sent !== null && isRequestId(sent)) return sent
  const id = newIds.get(request) ?? crypto.randomUUID()
  newIds.set(request, id)
  return id
}

/** The `traceparent` of a request (W3C Trace Context), without what later versions add; undefined if it is invalid. */
export const parseTraceparent = (text: string | null | undefined): string | undefined => {
  if (!text) return undefined
  const [, traceparent, rest] =
    /^((?!ff)[\da-f]{2}-(?!0{32})[\da-f]{32}-(?!0{16})[\da-f]{16}-[\da-f]{2})(-.*)?$/.exec(text) ?? []
  return traceparent?.startsWith('00') && rest !== undefined ? undefined : traceparent
}

/** Adds to the headers of a response those by which it is found in logs and traces, and returns them. */
export const identify = (request: Request, headers: Record<string, string>): Record<string, string> => {
  headers['X-Request-Id'] = requestId(request)
  const traceparent = parseTraceparent(request.headers.get('traceparent'))
  if (traceparent !== undefined) headers['Server-Timing'] = `traceparent;desc="${traceparent}"`
  return headers
}
