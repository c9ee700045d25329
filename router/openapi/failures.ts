import type * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { type Failure, httpFailures, invalidParameter } from '../../handlers/failure.ts'
import { problemDetails, reasonPhrases } from '../response.ts'
import { locateFields, takesBody, takesCart } from '../inputFields.ts'

/** The OpenAPI responses of all failures of an endpoint, by status, each with its text and its problem details. */
export const failureResponses = (endpoint: Endpoint): Record<string, unknown> => {
  const failures = listFailures(endpoint)
  const statuses = [...new Set(failures.map(({ status }) => status))]
  return Object.fromEntries(
    statuses.map((status) => [status, failureResponse(failures.filter((failure) => failure.status === status))]),
  )
}

const failureResponse = (failures: readonly Failure[]) => {
  const examples = (show: (failure: Failure) => unknown) =>
    Object.fromEntries(failures.map((failure) => [exampleName(failure), { value: show(failure) }]))
  return {
    description: reasonPhrases[failures[0]?.status ?? 0] ?? 'Error',
    content: {
      'text/plain': { schema: { type: 'string' }, examples: examples(({ text }) => text) },
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: examples((failure) => problemDetails(failure)),
      },
    },
  }
}

const exampleName = ({ code, issues: [issue] }: Failure): string =>
  code === 'invalid_parameter' && issue ? `${code}_${issue.field}` : code

const listFailures = (endpoint: Endpoint): readonly Failure[] => {
  const declared = endpoint.failures.map((failure) =>
    failure.status === 422 ? failure.withIssues(bodyIssues(endpoint)) : failure,
  )
  const { crossSiteForm, malformedBody, bodyTooLarge, serverFault, unavailable } = httpFailures
  const { invalidIdempotencyKey, idempotencyKeyReused, unnamedCart } = httpFailures
  const isWrite = endpoint.method !== 'get'
  const ofRouter = [
    ...(takesBody(endpoint) ? [malformedBody, bodyTooLarge] : []),
    ...(isWrite ? [invalidIdempotencyKey, idempotencyKeyReused] : []),
    ...(isWrite && takesCart(endpoint) ? [crossSiteForm, unnamedCart] : []),
  ]
  return [...declared, ...invalidParameters(endpoint), ...ofRouter, serverFault, unavailable]
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
