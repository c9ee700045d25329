import type { Endpoint } from '../../handlers/endpoint.ts'
import { locateFields, takesBody } from '../input/inputFields.ts'

/** The request of an input, by default the example of its endpoint. */
export const buildRequest = (endpoint: Endpoint, input: object = endpoint.example) => {
  const values = input as Readonly<Record<string, unknown>>
  const payload = locateFields(endpoint)
    .payloadFields.filter((name) => values[name] !== undefined)
    .map((name) => [name, values[name]] as const)
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => String(values[name]))
  const method = endpoint.method.toUpperCase()
  if (takesBody(endpoint)) return { method, path, body: JSON.stringify(Object.fromEntries(payload)) }
  const query = new URLSearchParams(payload.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return { method, path: query === '' ? path : `${path}?${query}` }
}
