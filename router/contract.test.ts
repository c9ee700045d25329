import { expect, test } from 'vitest'
import { type Endpoint, pathParameters } from '../handlers/endpoint.ts'
import { endpoints } from '../handlers/index.ts'
import { useApi } from './test/api.ts'

const api = useApi()

/** The request that an endpoint's example stands for. */
const exampleRequest = ({ method, path, example }: Endpoint): [string, RequestInit] => {
  const inPath = pathParameters(path)
  const rest = Object.fromEntries(Object.entries(example).filter(([name]) => !inPath.includes(name)))
  const address = path.replace(/:(\w+)/g, (_, name: string) => String(example[name]))
  const headers = { authorization: 'first' }
  if (method === 'get')
    return [`${address}?${new URLSearchParams(rest as Record<string, string>).toString()}`, { headers }]
  return [address, { method: method.toUpperCase(), headers, ...(method === 'post' && { body: JSON.stringify(rest) }) }]
}

test.each(Object.entries<Endpoint>(endpoints))(
  '%s answers its example as its schema says, keys in order',
  async (_, endpoint) => {
    const response = await api.request(...exampleRequest(endpoint))
    expect(response.status).toBe(endpoint.status)
    const text = await response.text()
    const answer: unknown = endpoint.status === 200 ? JSON.parse(text) : endpoint.status === 201 ? text : undefined
    // Zod rebuilds what it parses in the order of the schema and drops what the schema lacks.
    expect(JSON.stringify(endpoint.output.parse(answer))).toBe(JSON.stringify(answer))
    if (endpoint.status === 204) expect(text).toBe('')
  },
)
