// AWS Lambda: `handler` answers events of API Gateway (v1 and v2, with or without a stage), function URLs and load
// balancers; `createLambda(endpoints)` makes one for others. An instance has one connection to `DATABASE_URL`.
import { endpoints } from '../../handlers/index.ts'
import { createLambda } from './createLambda.ts'

export { createLambda }

export const handler = createLambda(endpoints)
