import type { Hono } from 'hono'
import type { Endpoint, FailureOf, OutputOf, PathParameters } from '../handlers/endpoint.ts'
import type { ClientInput } from './client.ts'

type Endpoints = Readonly<Record<string, Endpoint>>

/** The type of the app of endpoints, for Hono's client: `hc<AppOf<typeof endpoints>>(url).reviews.meta.$get(...)`. */
export type AppOf<Of extends Endpoints> = Hono<
  object,
  { [Path in Of[keyof Of]['path']]: { [Name in keyof Of as MethodAt<Of[Name], Path>]: RouteOf<Of[Name]> } }
>

type MethodAt<One extends Endpoint, Path> = One['path'] extends Path ? `$${One['method']}` : never

type RouteOf<One extends Endpoint> = {
  input: ([PathParameters<One['path']>] extends [never]
    ? object
    : { param: { [Name in PathParameters<One['path']>]: string } }) &
    (One['method'] extends 'get' | 'delete'
      ? { query: Query<Omit<ClientInput<One>, PathParameters<One['path']>>> }
      : { json: Omit<ClientInput<One>, PathParameters<One['path']>> })
  output: OutputOf<One> extends infer Output ? Output : never
  outputFormat: One['status'] extends 200 ? 'json' : 'text'
  status: One['status'] | FailureOf<One>['status']
}

/** The fields of a query, which are text. */
type Query<Input> = { [Name in keyof Input]: Input[Name] extends readonly unknown[] | undefined ? string[] : string }
