import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { endpoints } from '../../handlers/index.ts'
import { buildDocument } from './document.ts'

const document = JSON.parse(JSON.stringify(buildDocument(endpoints)))
const ajv = new Ajv2020({ strict: false, validateFormats: false })
ajv.addSchema(document, 'document')

type Example = { readonly at: string; readonly schema: object; readonly value: unknown }

/** All examples within a part of the document, each with the schema beside it. */
const findExamples = (part: unknown, at = '#'): Example[] => {
  if (typeof part !== 'object' || part === null) return []
  const { schema, example, examples } = part as { schema?: object; example?: unknown; examples?: object }
  const named = Object.entries<{ value: unknown }>({ ...(schema && examples) })
  const here = [
    ...(schema && example !== undefined ? [{ at, schema, value: example }] : []),
    ...named.map(([name, { value }]) => ({ at: `${at}/examples/${name}`, schema: schema as object, value })),
  ]
  return [...here, ...Object.entries(part).flatMap(([key, inner]) => findExamples(inner, `${at}/${key}`))]
}
const all = findExamples(document)

const errorsOf = ({ schema, value }: Example) => {
  const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'))
  const validate = ajv.compile(absolute)
  return validate(value) ? undefined : validate.errors
}

test('an example that breaks its schema is noticed', () => {
  expect(all.length).toBeGreaterThan(100)
  expect(errorsOf({ at: '#', schema: { $ref: '#/components/schemas/Cart' }, value: [{ sku_id: 'one' }] })).toBeDefined()
})

test.each(all)('the example at $at keeps to its schema', (example) => {
  expect(errorsOf(example)).toBeUndefined()
})

test.each(Object.entries(endpoints))(
  'the example of %s is one that it takes, and its answer one that it gives',
  (id, endpoint) => {
    expect(endpoint.input.safeParse(endpoint.example).success).toBe(true)
    const method = document.paths[endpoint.path.replace(/:(\w+)/g, '{$1}')][endpoint.method]
    expect(method.operationId).toBe(id)
    const [content] = Object.values<{ example: unknown }>(method.responses[endpoint.status].content ?? {})
    expect(endpoint.output.parse(content?.example)).toEqual(content?.example)
  },
)
