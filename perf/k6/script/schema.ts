/** Whether a value of an answer is what it must be. */
export type Check = (value: unknown) => boolean

/** The part of JSON Schema that the schemas of answers use. */
type Schema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema | false
}

// Of many items one at random is looked at: all of them would cost k6 more than to send the request.
const pickOne = <T>(values: readonly T[]): T[] => values.slice((Math.random() * values.length) >> 0).slice(0, 1)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const types: Readonly<Record<string, Check>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  array: Array.isArray,
  object: isObject,
}

// Loops of the plainest kind: k6's engine interprets them, once for every answer.

/** Makes a check of a schema. Keys of objects come in the order of the schema, and there are no others. */
export const compile = (schema: Schema): Check => {
  if (schema.anyOf) {
    const any = schema.anyOf.map(compile)
    return (value) => any.some((check) => check(value))
  }
  if (schema.const !== undefined) return (value) => value === schema.const
  if (schema.enum) return (value) => schema.enum?.includes(value) ?? false
  if (schema.properties) return compileObject(schema.properties)
  const ofType = [schema.type ?? []].flat().map((name) => types[name] as Check)
  const isOfType: Check = (value) => ofType.some((check) => check(value))
  if (schema.items) {
    const check = compile(schema.items)
    return (value) => Array.isArray(value) && pickOne(value).every(check)
  }
  if (schema.additionalProperties) {
    const checkName = compile(schema.propertyNames ?? { type: 'string' })
    const check = compile(schema.additionalProperties)
    return (value) =>
      isObject(value) && pickOne(Object.entries(value)).every(([name, of]) => checkName(name) && check(of))
  }
  if (schema.pattern) {
    const pattern = new RegExp(schema.pattern)
    return (value) => typeof value === 'string' && pattern.test(value)
  }
  const { minimum = -Infinity, maximum = Infinity } = schema
  return (value) => isOfType(value) && (typeof value !== 'number' || (value >= minimum && value <= maximum))
}

const compileObject = (properties: Readonly<Record<string, Schema>>): Check => {
  const names = Object.keys(properties)
  const checks = Object.values(properties).map(compile)
  return (value) => {
    if (!isObject(value)) return false
    const found = Object.keys(value)
    if (found.length !== names.length) return false
    for (let n = 0; n < names.length; n += 1) {
      const name = names[n] as string
      if (found[n] !== name || !checks[n]?.(value[name])) return false
    }
    return true
  }
}
