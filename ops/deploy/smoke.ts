import { type Node, run } from './target.ts'

type Parameter = { readonly in: string; readonly name: string; readonly example?: unknown }
type Operation = { readonly parameters?: readonly Parameter[]; readonly responses: Readonly<Record<string, unknown>> }

/** The members of an OpenAPI document that are read here. */
type Document = { readonly paths: Readonly<Record<string, { readonly get?: Operation }>> }

/** Sends a node the GET examples of its own document, past the balancer. Rejects if one of them fails. */
export const smoke = async (node: Node): Promise<void> => {
  await request(node, '/readyz', [200])
  const { paths } = JSON.parse(await request(node, '/openapi.json', [200])) as Document
  for (const [path, { get }] of Object.entries(paths)) {
    if (!get) continue
    // The id of an example may be missing in this shop, and the admin token is not known here.
    const statuses = [200, ...[401, 404].filter((status) => Object.hasOwn(get.responses, status))]
    await request(node, buildTarget(path, get.parameters ?? []), statuses)
  }
}

const buildTarget = (path: string, parameters: readonly Parameter[]): string => {
  const target = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(parameters.find((parameter) => parameter.name === name)?.example)),
  )
  const sent = parameters.filter((parameter) => parameter.in === 'query' && parameter.example !== undefined)
  const query = sent.map(({ name, example }) => `${name}=${encodeURIComponent(String(example))}`).join('&')
  return query === '' ? target : `${target}?${query}`
}

const request = async ({ on, address }: Node, path: string, statuses: readonly number[]): Promise<string> => {
  const options = ['--silent', '--show-error', '--globoff', '--max-time', '5', '--write-out', '\n%{http_code}']
  const output = await run(on, 'curl', ...options, `http://${address}${path}`)
  const end = output.lastIndexOf('\n')
  if (!statuses.includes(Number(output.slice(end))))
    throw new Error(`${path} answers ${output.slice(end + 1)}: ${output.slice(0, end)}`)
  return output.slice(0, end)
}
