import type * as z from 'zod'
import { type Endpoint, isForAdmin } from '../../handlers/endpoint.ts'
import { type Failure, httpFailures, invalidParameter } from '../../handlers/failure.ts'
import { locateFields, takesBody, takesCart } from '../input/inputFields.ts'
import { errorResponse, methodNotAllowed, notApplied, problemDetails, reasonPhrases } from '../response.ts'
import { referToHeaders } from './headers.ts'

/** The OpenAPI responses of all failures of an endpoint, by status; failures of the router refer to a component. */
export const failureResponses = (endpoint: Endpoint): Record<string, unknown> => {
  const failures = listFailures(endpoint)
  const statuses = [...new Set(failures.map(({ status }) => status))]
  const describe = (status: number) => {
    const [first, ...others] = failures.filter((failure) => failure.status === status) as [Failure, ...Failure[]]
    if (others.length === 0 && shared.has(first)) return { $ref: `#/components/responses/${componentName(first)}` }
    const isReplayable = endpoint.method !== 'get' && endpoint.failures.includes(first)
    return failureResponse([first, ...others], isReplayable ? ['Idempotent-Replayed'] : [])
  }
  return Object.fromEntries(statuses.map((status) => [status, describe(status)]))
}

const failureResponse = (failures: readonly [Failure, ...Failure[]], moreHeaders: readonly string[] = []) => {
  const [failure] = failures
  const examples = (show: (failure: Failure) => unknown) =>
    Object.fromEntries(failures.map((failure) => [exampleName(failure), { value: show(failure) }]))
  return {
    description: reasonPhrases[failure.status] ?? 'Error',
    headers: referToHeaders([...respondWith(failure).headers.keys(), ...moreHeaders]),
    content: {
      'text/plain': { schema: { type: 'string' }, examples: examples(({ text }) => text) },
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: examples((failure) => problemDetails(failure)),
      },
    },
  }
}

/** The response of a failure, for its headers. */
const respondWith = (failure: Failure): Response => {
  // With an id, as Workers give no random one before there is a request.
  const request = new Request('http://localhost', { headers: { 'X-Request-Id': '1' } })
  if (failure === httpFailures.methodNotAllowed) return methodNotAllowed(request, '')
  return errorResponse(request, failure, failure === httpFailures.unavailable ? notApplied : {})
}

const shared: ReadonlySet<Failure> = new Set(Object.values(httpFailures))

/** The code of a failure in the case of types: `MethodNotAllowed`. */
const componentName = ({ code }: Failure): string =>
  code.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase())

/** The OpenAPI responses of the failures that any request may meet, by the names of their components. */
export const sharedFailureResponses = (): Record<string, object> =>
  Object.fromEntries([...shared].map((failure) => [componentName(failure), failureResponse([failure])]))

const exampleName = ({ code, issues: [issue] }: Failure): string =>
  code === 'invalid_parameter' && issue ? `${code}_${issue.field}` : code

const listFailures = (endpoint: Endpoint): readonly Failure[] => {
  const declared = endpoint.failures.map((failure) =>
    failure.status === 422 ? failure.withIssues(bodyIssues(endpoint)) : failure,
  )
  const { crossSiteForm, malformedBody, bodyTooLarge, methodNotAllowed, tooManyRequests } = httpFailures
  const { invalidIdempotencyKey, idempotencyKeyReused, unnamedCart, wrongToken } = httpFailures
  const { serverFault, outcomeUnknown, unavailable } = httpFailures
  const isWrite = endpoint.method !== 'get'
  const ofRequest = [
    ...(isForAdmin(endpoint) ? [wrongToken] : []),
    ...(takesBody(endpoint) ? [malformedBody, bodyTooLarge] : []),
    ...(isWrite ? [invalidIdempotencyKey, idempotencyKeyReused, outcomeUnknown] : []),
    ...(isWrite && takesCart(endpoint) ? [crossSiteForm, unnamedCart] : []),
  ]
  const ofAll = [methodNotAllowed, tooManyRequests, serverFault, unavailable]
  return [...declared, ...invalidParameters(endpoint), ...ofRequest, ...ofAll]
}

/** The issues of a request without query and body. */
const bodyIssues = (endpoint: Endpoint) => {
  const { input, example } = endpoint
  const { payloadFields } = locateFields(endpoint)
  const sent = Object.fromEntries(Object.entries(example).filter(([name]) => !payloadFields.includes(name)))
  const issues = input.safeParse(sent).error?.issues ?? []
  return issues.map(({ path, message }) => ({ field: path.join('.'), reason: message }))
}

/** `invalid_parameter` for each field that can be invalid and that no declared failure covers. */
const invalidParameters = (endpoint: Endpoint): Failure[] => {
  const { pathFields, payloadFields, contextFields } = locateFields(endpoint)
  const campus = contextFields.filter(({ source }) => source === 'campus').map(({ name }) => name)
  const isDeclared = (status: number) => endpoint.failures.some((failure) => failure.status === status)
  return [...pathFields, ...payloadFields, ...campus].flatMap((name) => {
    if (isDeclared(pathFields.includes(name) ? 404 : 422)) return []
    const { error } = (endpoint.input.shape[name] as z.ZodType).safeParse('\0')
    return error ? [invalidParameter(name).withIssues([{ field: name, reason: error.issues[0]?.message ?? '' }])] : []
  })
}
