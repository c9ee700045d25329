import { type Node, run } from './target.ts'

type Parameter = { readonly in: string; readonly name: string; readonly example?: unknown }
type Operation = { readonly parameters?: readonly Parameter[]; readonly responses: Readonly<Record<string, unknown>> }

/** What a node says of itself in its OpenAPI document. */
type Document = { readonly paths: Readonly<Record<string, { readonly get?: Operation }>> }

/** Asks a node, past the balancer, for all that its own document has an example of. Rejects at what it cannot answer. */
export const smoke = async (node: Node): Promise<void> => {
  await ask(node, '/readyz', [200])
  const { paths } = JSON.parse(await ask(node, '/openapi.json', [200])) as Document
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get) continue
    // What an example names need not be in this shop.
    const statuses = Object.hasOwn(get.responses, 404) ? [200, 404] : [200]
    await ask(node, addressOf(path, get.parameters ?? []), statuses)
  }
}

const addressOf = (path: string, parameters: readonly Parameter[]): string => {
  const address = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parameters.find((parameter) => parameter.name === name)?.example)),
  )
  const asked = parameters.filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
  const query = asked.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&')
  return query === '' ? address : `${address}?${query}`
}

const ask = async ({ on, address }: Node, path: string, statuses: readonly number[]): Promise<string> => {
  const options = ['--silent', '--show-error', '--globoff', '--max-time', '5', '--write-out', '\n%{http_code}']
  const said = await run(on, 'curl', ...options, `http://${address}${path}`)
  const end = said.lastIndexOf('\n')
  if (!statuses.includes(Number(said.slice(end))))
    throw new Error(`${path} answers ${said.slice(end + 1)}: ${said.slice(0, end)}`)
  return said.slice(0, end)
}
