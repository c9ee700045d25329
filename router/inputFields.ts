import { type Endpoint, pathParameters } from '../handlers/endpoint.ts'
import { Created, type Source, sourceOf } from '../handlers/fields.ts'

/** Where the input of an endpoint comes from: names in its path, in the query or the body, and what only the router gives. */
export type Places = {
  readonly inPath: readonly string[]
  readonly asked: readonly string[]
  readonly given: readonly { readonly name: string; readonly source: Source }[]
}

export const placesOf = ({ input, path }: Endpoint): Places => {
  const inPath = pathParameters(path)
  const sources = Object.entries(input.shape).map(([name, schema]) => ({ name, source: sourceOf(schema) }))
  return {
    inPath,
    asked: sources.flatMap(({ name, source }) => (source === undefined && !inPath.includes(name) ? [name] : [])),
    given: sources.flatMap(({ name, source }) => (source === undefined ? [] : [{ name, source }])),
  }
}

/** Whether the answers of an endpoint are the caller's own. */
export const takesCart = (endpoint: Endpoint): boolean =>
  placesOf(endpoint).given.some(({ source }) => source === 'cart')

/** Whether a body is read. What clients send with a PUT varies, and means nothing where no field is asked for. */
export const takesBody = (endpoint: Endpoint): boolean =>
  endpoint.method === 'post' || (/^(put|patch)$/.test(endpoint.method) && placesOf(endpoint).asked.length > 0)

/** How the body of an answer is written: as nothing, as the plain text that old clients compare, or as JSON. */
export const formOf = ({ status, output }: Endpoint): 'none' | 'text' | 'json' => {
  if (status === 204) return 'none'
  return output === Created ? 'text' : 'json'
}
