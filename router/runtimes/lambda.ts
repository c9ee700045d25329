import { handle, type LambdaContext, type LambdaEvent } from 'hono/aws-lambda'
import { connect } from '../../db/connect.ts'
import { readReplicaUrls } from '../../db/urls.ts'
import { endpoints } from '../../handlers/index.ts'
import { createApp } from '../app.ts'

const start = () => {
  const url = process.env.DATABASE_URL
  if (!url) throw new Error('DATABASE_URL is not set: set it in the environment of the function.')
  const { db, replicas, ready } = connect(url, { readUrls: readReplicaUrls(process.env) })
  return handle(createApp(endpoints, db, { ready, consistency: replicas }))
}
let started: ReturnType<typeof start> | undefined

/**
 * Handles events of API Gateway, function URLs and load balancers, with the database at `DATABASE_URL` and its
 * replicas.
 */
export const handler = async (event: LambdaEvent, context?: LambdaContext) => (started ??= start())(event, context)
