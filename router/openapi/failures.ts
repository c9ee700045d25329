import type * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { type Failure, httpFailures, invalidParameter } from '../../handlers/failure.ts'
import { problemOf, titles } from '../response.ts'
import { placesOf, takesBody, takesCart } from '../inputFields.ts'

/** The OpenAPI responses of all that an endpoint can refuse, by status: each failure with its text and its problem details. */
export const refusalsOf = (endpoint: Endpoint): Record<string, unknown> => {
  const failures = failuresOf(endpoint)
  const statuses = [...new Set(failures.map(({ status }) => status))]
  return Object.fromEntries(
    statuses.map((status) => [status, responseOf(failures.filter((failure) => failure.status === status))]),
  )
}

const responseOf = (failures: readonly Failure[]) => {
  const examples = (show: (failure: Failure) => unknown) =>
    Object.fromEntries(failures.map((failure) => [nameOf(failure), { value: show(failure) }]))
  return {
    description: titles[failures[0]?.status ?? 0] ?? 'Error',
    content: {
      'text/plain': { schema: { type: 'string' }, examples: examples(({ text }) => text) },
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: examples((failure) => problemOf(failure)),
      },
    },
  }
}

const nameOf = ({ code, issues: [issue] }: Failure): string =>
  code === 'invalid_parameter' && issue ? `${code}_${issue.field}` : code

const failuresOf = (endpoint: Endpoint): readonly Failure[] => {
  const declared = endpoint.failures.map((failure) =>
    failure.status === 422 ? failure.withIssues(faultsOf(endpoint)) : failure,
  )
  const ofCart = takesCart(endpoint) ? [httpFailures.crossSiteForm] : []
  const ofRouter = takesBody(endpoint) ? [...ofCart, httpFailures.malformedBody, httpFailures.bodyTooLarge] : []
  return [
    ...declared,
    ...invalidParametersOf(endpoint),
    ...ofRouter,
    httpFailures.serverFault,
    httpFailures.unavailable,
  ]
}

/** What is wrong with a request that sends nothing but its path. */
const faultsOf = (endpoint: Endpoint) => {
  const { input, example } = endpoint
  const { asked } = placesOf(endpoint)
  const sent = Object.fromEntries(Object.entries(example).filter(([name]) => !asked.includes(name)))
  const issues = input.safeParse(sent).error?.issues ?? []
  return issues.map(({ path, message }) => ({ field: path.join('.'), reason: message }))
}

/** The parameters whose rule can be broken, where the endpoint declares no failure of its own for that. */
const invalidParametersOf = (endpoint: Endpoint): Failure[] => {
  const { inPath, asked, given } = placesOf(endpoint)
  const campus = given.filter(({ source }) => source === 'campus').map(({ name }) => name)
  const isDeclared = (status: number) => endpoint.failures.some((failure) => failure.status === status)
  return [...inPath, ...asked, ...campus].flatMap((name) => {
    if (isDeclared(inPath.includes(name) ? 404 : 422)) return []
    const { error } = (endpoint.input.shape[name] as z.ZodType).safeParse('\0')
    return error ? [invalidParameter(name).withIssues([{ field: name, reason: error.issues[0]?.message ?? '' }])] : []
  })
}
