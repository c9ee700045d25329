import * as z from 'zod'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { locateFields } from '../inputFields.ts'

/** A JSON Schema, as zod writes it. */
export type Schema = z.core.JSONSchema.BaseSchema

/** An input field that clients send. */
export type Field = { readonly name: string; readonly schema: Schema; readonly required: boolean }

/** Describes the input fields that clients send, context fields excluded. */
export const describeFields = (
  endpoint: Endpoint,
): { readonly pathFields: Field[]; readonly payloadFields: Field[] } => {
  const { properties = {} } = toJsonSchema(endpoint.input)
  const { required = [] } = z.toJSONSchema(endpoint.input, { io: 'input', unrepresentable: 'any' })
  const { pathFields, payloadFields } = locateFields(endpoint)
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: withoutText(schema as Schema),
    required: required.includes(name),
  }))
  return {
    pathFields: fields.filter(({ name }) => pathFields.includes(name)),
    payloadFields: fields.filter(({ name }) => payloadFields.includes(name)),
  }
}

/**
 * Writes the JSON Schema of a zod schema's output, without patterns that repeat a format and the limits of safe
 * integers.
 */
export const toJsonSchema = (schema: z.ZodType): Schema => {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    override: ({ jsonSchema }) => simplify(jsonSchema),
  })
  return jsonSchema
}

const simplify = (schema: Schema): void => {
  if (schema.format !== undefined) delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

// All fields of a query are text: that a number may be sent as text is not worth saying.
const withoutText = (schema: Schema): Schema =>
  Array.isArray(schema.type) ? { ...schema, type: schema.type.filter((type) => type !== 'string') } : schema

/** The schema of `problemDetails`. */
export const problemSchema: Schema = {
  type: 'object',
  properties: {
    type: { type: 'string', const: 'about:blank' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'The text that callers of plain text get' },
    code: { type: 'string', description: 'Never changes' },
    faults: {
      type: 'array',
      items: {
        type: 'object',
        properties: { field: { type: 'string' }, reason: { type: 'string' } },
        required: ['field', 'reason'],
      },
    },
    instance: { type: 'string', description: 'The path of the request' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'faults'],
}

/** The headers of a 201 that say what was added. */
export const createdHeaders = ({ shownAt }: Endpoint) => ({
  'X-Resource-Id': { description: 'The id of what was added', schema: { type: 'integer' } },
  ...(shownAt !== undefined && {
    Location: {
      description: 'The list that holds it, on this page or a later one',
      schema: { type: 'string', format: 'uri-reference' },
    },
  }),
})
