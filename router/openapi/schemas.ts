import * as z from 'zod'
import { maxEntries, maxKeyLength } from '../../handlers/bounds.ts'
import type { Endpoint } from '../../handlers/endpoint.ts'
import { locateFields } from '../input/inputFields.ts'

/** A JSON Schema, as zod writes it. */
export type Schema = z.core.JSONSchema.BaseSchema

/** An input field that clients send. */
export type Field = { readonly name: string; readonly schema: Schema; readonly required: boolean }

/** Describes the input fields that clients send, context fields excluded. */
export const describeFields = (
  endpoint: Endpoint,
): { readonly pathFields: Field[]; readonly payloadFields: Field[] } => {
  const { properties = {}, required = [] } = toRequestSchema(endpoint.input)
  const { pathFields, payloadFields } = locateFields(endpoint)
  const fields = Object.entries(properties).map(([name, schema]) => ({
    name,
    schema: describeField(name, schema as Schema),
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
export const toJsonSchema = (schema: z.ZodType): Schema => convert(schema, simplify)

/** Writes the JSON Schema of an input as clients send it: before it is transformed, and without what has a default. */
const toRequestSchema = (schema: z.ZodType): Schema =>
  convert(schema, (jsonSchema, { def }) => {
    simplify(jsonSchema)
    if (def.type === 'pipe') describePipe(jsonSchema, def as unknown as Pipe)
    if (def.type !== 'object') return
    const { shape } = def as unknown as { shape: Readonly<Record<string, z.ZodType>> }
    jsonSchema.required = Object.keys(shape).filter((name) => !shape[name]?.isOptional())
    delete jsonSchema.additionalProperties
  })

type Override = (jsonSchema: Schema, zodSchema: z.ZodType) => void

const convert = (schema: z.ZodType, override: Override): Schema => {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, {
    unrepresentable: 'any',
    override: ({ jsonSchema, zodSchema }) => override(jsonSchema, zodSchema as z.core.$ZodType as z.ZodType),
  })
  return jsonSchema
}

type Pipe = { readonly in: z.ZodType; readonly out: z.ZodType }

// JSON Schema cannot say what a transform gives.
const describePipe = (jsonSchema: Schema, { in: sent, out }: Pipe): void => {
  if (out.def.type === 'transform') Object.assign(jsonSchema, toRequestSchema(sent))
}

const simplify = (schema: Schema): void => {
  if (schema.format === 'date-time') delete schema.pattern
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
}

/** A field with the bounds of all inputs, and a description if it has none and names an id. */
const describeField = (name: string, schema: Schema): Schema => {
  const noun = /^(\w+)_id$/.exec(name)?.[1]
  return {
    ...(noun !== undefined && { description: `The id of the ${noun.replaceAll('_', ' ')}` }),
    ...withBounds(withoutText(schema)),
  }
}

// All fields of a query are text: that a number may be sent as text is not worth saying.
const withoutText = (schema: Schema): Schema => {
  if (!Array.isArray(schema.type)) return schema
  const [type = 'string', ...others] = schema.type.filter((type) => type !== 'string')
  return { ...schema, type: others.length === 0 ? type : [type, ...others] }
}

const withBounds = (schema: Schema): Schema => {
  if (schema.type === 'array') return { maxItems: maxEntries, ...schema }
  if (schema.type !== 'object' || schema.properties) return schema
  const propertyNames = { maxLength: maxKeyLength, ...(schema.propertyNames as object | undefined) }
  return { ...schema, maxProperties: maxEntries, propertyNames }
}

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
