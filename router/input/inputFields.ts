import { type Endpoint, isForAdmin, pathParameters } from '../../handlers/endpoint.ts'
import { type ContextSource, contextSource } from '../../handlers/fields.ts'

/** The input fields of an endpoint by where they are read from; the payload is the query or the body. */
export type InputFields = {
  readonly pathFields: readonly string[]
  readonly payloadFields: readonly string[]
  readonly contextFields: readonly { readonly name: string; readonly source: ContextSource }[]
}

export const locateFields = ({ input, path }: Endpoint): InputFields => {
  const pathFields = pathParameters(path)
  const fields = Object.entries(input.shape).map(([name, schema]) => ({ name, source: contextSource(schema) }))
  return {
    pathFields,
    payloadFields: fields.flatMap(({ name, source }) => (source || pathFields.includes(name) ? [] : [name])),
    contextFields: fields.flatMap(({ name, source }) => (source ? [{ name, source }] : [])),
  }
}

/** True if an endpoint reads or changes the cart of its caller. */
export const takesCart = (endpoint: Endpoint): boolean =>
  locateFields(endpoint).contextFields.some(({ source }) => source === 'cart')

/** True if the answers of an endpoint are not for everyone. */
export const hasPrivateAnswers = (endpoint: Endpoint): boolean => takesCart(endpoint) || isForAdmin(endpoint)

/** True if an endpoint reads a body. Clients send any body with a PUT; it is ignored where no field needs it. */
export const takesBody = (endpoint: Endpoint): boolean =>
  endpoint.method === 'post' ||
  (/^(put|patch)$/.test(endpoint.method) && locateFields(endpoint).payloadFields.length > 0)
