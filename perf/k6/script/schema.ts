/** Tells if a value of an answer matches its schema. */
export type Check = (value: unknown) => boolean

/** The part of JSON Schema that the schemas of answers use. */
type Schema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly pattern?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly propertyNames?: Schema
  readonly additionalProperties?: Schema | false
}

// Of many items one at random is checked: all of them would cost k6 more than to send the request.
const pickOne = <T>(values: readonly T[]): T[] => values.slice((Math.random() * values.length) >> 0).slice(0, 1)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Compiles a schema. Objects have the keys of the schema, in its order, and no others. */
export const compile = ({ items, properties, propertyNames = {}, additionalProperties, ...schema }: Schema): Check => {
  if (properties) return compileObject(properties)
  if (items) {
    const check = compile(items)
    return (value) => Array.isArray(value) && pickOne(value).every(check)
  }
  if (additionalProperties) {
    const [checkName, check] = [compile(propertyNames), compile(additionalProperties)]
    return (value) =>
      isObject(value) && pickOne(Object.entries(value)).every(([key, of]) => checkName(key) && check(of))
  }
  if (schema.anyOf) {
    const checks = schema.anyOf.map(compile)
    return (value) => checks.some((check) => check(value))
  }
  if (schema.const !== undefined) return (value) => value === schema.const
  const pattern = schema.pattern === undefined ? undefined : new RegExp(schema.pattern)
  const types = schema.type === undefined ? undefined : [schema.type].flat()
  return (value) => {
    const type = value === null ? 'null' : Number.isInteger(value) ? 'integer' : typeof value
    if (types && !types.includes(type) && !(type === 'integer' && types.includes('number'))) return false
    return (pattern?.test(value as string) ?? true) && (schema.enum?.includes(value) ?? true)
  }
}

const compileObject = (properties: Readonly<Record<string, Schema>>): Check => {
  const names = Object.keys(properties).join()
  const checks = Object.entries(properties).map(([name, schema]) => [name, compile(schema)] as const)
  return (value) =>
    isObject(value) && Object.keys(value).join() === names && checks.every(([name, check]) => check(value[name]))
}
