import type { Endpoint, FailureOf, InputOf, OutputOf } from '../handlers/endpoint.ts'
import type { Failure, httpFailures, Issue } from '../handlers/failure.ts'
import type { ContextField } from '../handlers/fields.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** What a client gives an endpoint: its input without the fields that the router fills. */
export type AskedOf<Of extends Endpoint, Shape = Of['input']['shape']> = Omit<
  InputOf<Of>,
  { [Name in keyof Shape]: Shape[Name] extends ContextField ? Name : never }[keyof Shape]
>

/** A failure as it comes over the wire. `unreachable` is no answer of the API: none came, or something between answered. */
export type RefusalOf<Of extends Endpoint> = Seen<FailureOf<Of> | Refusals[keyof Refusals] | Failure<'unreachable'>>
type Refusals = typeof httpFailures
type Seen<One> =
  One extends Failure<infer Code, infer Status>
    ? { readonly code: Code; readonly status: Status; readonly text: string; readonly faults: readonly Issue[] }
    : never

export type Result<Of extends Endpoint> =
  | { readonly ok: true; readonly status: Of['status']; readonly value: OutputOf<Of> }
  | { readonly ok: false; readonly status: number; readonly failure: RefusalOf<Of> }

/**
 * What one call may have besides its input. A write that has a key is tried again as a read is, so give one where doing it
 * twice is no harm: this API sends the header on to none that keeps keys.
 */
export type CallOptions = { readonly signal?: AbortSignal; readonly idempotencyKey?: string }

type Call<Of extends Endpoint> =
  object extends AskedOf<Of>
    ? (input?: AskedOf<Of>, options?: CallOptions) => Promise<Result<Of>>
    : (input: AskedOf<Of>, options?: CallOptions) => Promise<Result<Of>>

/** A function for each endpoint: `client.getReviewMeta({ product_id: 1 })`. */
export type Client<Of extends Endpoints> = { readonly [Name in keyof Of]: Call<Of[Name]> }

export type ClientOptions = {
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
  /** Names the caller's cart. */
  readonly token?: string
  /** How long one try may take; 10 s, unless it is given. */
  readonly timeoutMs?: number
  /** How often a read is tried again, after a while, that found the API busy or away; twice, unless it is given. */
  readonly retries?: number
}

/** A client's request: its path, its method, and so on; `mayRepeat` if doing it twice is no harm. */
type Asked = Omit<RequestInit, 'signal'> & { readonly mayRepeat: boolean; readonly signal?: AbortSignal | undefined }
type Found = Readonly<Record<string, { readonly method: string; readonly path: string }>>
type Paths = Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>

/**
 * A client of the API at a URL, from the types of its endpoints alone: where each is, it learns before the first call from the
 * document that the API serves. Failures are results; a call rejects when its signal is aborted, and otherwise never.
 */
export const createClient = <Of extends Endpoints>(url: string, options: ClientOptions = {}): Client<Of> => {
  const { fetch = globalThis.fetch, token, timeoutMs = 10_000, retries = 2 } = options
  const base = url.replace(/\/+$/, '')

  const send = async (path: string, { mayRepeat, signal, ...init }: Asked): Promise<Response> => {
    for (let tries = mayRepeat ? retries : 0; ; tries -= 1) {
      const limit = AbortSignal.timeout(timeoutMs)
      const sent = fetch(base + path, { ...init, signal: signal ? AbortSignal.any([signal, limit]) : limit })
      const response = await sent.catch((error: unknown) => {
        if (tries <= 0 || signal?.aborted) throw error
      })
      const waitMs = Number(response?.headers.get('retry-after')) * 1000 || 0
      if (response && (response.status !== 503 || tries <= 0 || waitMs > timeoutMs)) return response
      // At random, as all who were refused at once would else come back at once.
      await new Promise((resolve) => setTimeout(resolve, waitMs + Math.random() * 400))
    }
  }

  let found: Promise<Found> | undefined
  const find = async (): Promise<Found> => {
    const response = await send('/openapi.json', { mayRepeat: true })
    if (!response.ok) throw new Error(`${response.url} is answered ${response.status}`)
    const { paths } = (await response.json()) as { readonly paths: Paths }
    const operations = Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, { operationId }]) => [operationId, { method, path }] as const),
    )
    return Object.fromEntries(operations)
  }
  const forget = (error: unknown) => {
    found = undefined
    throw error
  }

  const call = async (name: string, input: object, { signal, idempotencyKey: key }: CallOptions) => {
    const place = (await (found ??= find().catch(forget)))[name] ?? { method: 'get', path: `/${name}` }
    const method = place.method.toUpperCase()
    const rest: Record<string, unknown> = { ...input }
    const path = place.path.replace(/{(\w+)}/g, (_, field: string) => {
      const value = encodeURIComponent(String(rest[field]))
      delete rest[field]
      return value
    })
    const headers = {
      Accept: 'application/problem+json, */*',
      ...(token && { Authorization: token }),
      ...(key && { 'Idempotency-Key': key }),
    }
    const asked = { method, headers, signal, mayRepeat: method === 'GET' || !!key }
    if (method.startsWith('P'))
      return send(path, {
        ...asked,
        body: JSON.stringify(rest),
        headers: { ...headers, 'Content-Type': 'application/json' },
      })
    const query = new URLSearchParams()
    for (const [field, value] of Object.entries(rest))
      for (const one of [value].flat()) if (one !== undefined) query.append(field, one as string)
    const text = query.toString()
    return send(text ? `${path}?${text}` : path, asked)
  }

  const functionOf =
    (name: string) =>
    async (input: object = {}, options: CallOptions = {}): Promise<unknown> => {
      try {
        return await read(await call(name, input, options))
      } catch (error) {
        if (options.signal?.aborted) throw error
        return unreachable(0, String(error))
      }
    }
  return new Proxy({} as Client<Of>, {
    // A client that is awaited is no promise.
    get: (_, name) => (name === 'then' ? undefined : functionOf(String(name))),
  })
}

const read = async (response: Response) => {
  const { ok, status } = response
  const isJson = response.headers.get('content-type')?.includes('json')
  const value: unknown = isJson ? await response.json() : (await response.text()) || undefined
  if (ok) return { ok, status, value }
  const { code, detail: text, faults } = Object(value) as { code?: string; detail: string; faults: readonly Issue[] }
  return code === undefined
    ? unreachable(status, String(value))
    : { ok, status, failure: { code, status, text, faults } }
}

const unreachable = (status: number, text: string) => ({
  ok: false,
  status,
  failure: { code: 'unreachable', status, text, faults: [] },
})
