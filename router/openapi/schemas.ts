import * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { placesOf } from '../inputFields.ts'

/** A JSON Schema, as zod gives it. */
export type Schema = z.core.JSONSchema.BaseSchema

/** One thing that an endpoint takes from a client. */
export type Field = { readonly name: string; readonly schema: Schema; readonly required: boolean }

/** What an endpoint takes from a client: in the path, and in the query or the body. */
export const fieldsOf = (endpoint: Endpoint): { readonly inPath: Field[]; readonly asked: Field[] } => {
  const { properties = {} } = schemaOf(endpoint.input)
  const { required = [] } = z.toJSONSchema(endpoint.input, { io: 'input', unrepresentable: 'any' })
  const { inPath, asked } = placesOf(endpoint)
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: typeOfText(schema as Schema),
    required: required.includes(name),
  }))
  return {
    inPath: fields.filter(({ name }) => inPath.includes(name)),
    asked: fields.filter(({ name }) => asked.includes(name)),
  }
}

/** The JSON Schema of what a zod schema gives, without what only repeats the format of a text or the range of a number. */
export const schemaOf = (schema: z.ZodType): Schema => {
  const { $schema: _, ...own } = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema),
  })
  return own
}

const simplify = (schema: Schema): void => {
  if (schema.format !== undefined) delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

// A query is text: that a field takes text says nothing where it also takes something else.
const typeOfText = (schema: Schema): Schema =>
  Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((type) => type !== 'string') } : schema

/** What `problemOf` gives. */
export const problemSchema: Schema = {
  type: 'object',
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What a caller that takes plain text gets' },
    code: { type: 'string', description: 'Never changes' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, reason: { type: 'string' } },
        required: ['field', 'reason'],
      },
    },
    instance: { type: 'string', description: 'The path that was asked for' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'faults'],
}
