/** Code that Stryker mutates in one run, and the tests that have to kill the mutants. */
export type Area = { readonly mutate: readonly string[]; readonly tests: readonly string[] }

const untested = ['!**/*.test.ts', '!**/*.test-d.ts', '!**/test/**']

/** All areas take half an hour on two cores. */
export const areas: Readonly<Record<string, Area>> = {
  handlers: { mutate: ['handlers/**/*.ts', ...untested], tests: ['handlers/**/*.test.ts'] },
  requests: {
    mutate: ['router/{etag,input/input,input/body,routes,cart,runtimes/http/admission}.ts'],
    tests: [
      'router/{input/body,input/input,routes,etag,cart,cart.headers,app,app.errors,app.hostile,runtimes/http/admission}.test.ts',
    ],
  },
  answers: {
    mutate: ['router/{response,app,handler,idempotency,incident,pages/docs}.ts'],
    tests: [
      'router/app{,.contract,.errors,.incidents,.cors,.clients}.test.ts',
      'router/{handler,handler.cacheGroups,idempotency,response,refusals,incident,pages/docs,pages/pictures}.test.ts',
    ],
  },
  openapi: {
    mutate: ['router/openapi/{document,examples,failures,headers,operation,schemas}.ts'],
    tests: ['router/openapi/*.test.ts'],
  },
  statements: {
    mutate: ['db/{batch,send,pool/pool,pool/fairQueue,pool/deadline}.ts', 'handlers/buildSql.ts'],
    tests: ['db/{batch,pool/pool}.unit.test.ts', 'handlers/buildSql.test.ts'],
  },
  replicas: {
    mutate: ['db/replicas/*.ts', ...untested],
    tests: ['db/replicas/{followReplica,routeReads.unit,walPosition}.test.ts'],
  },
  csv: {
    mutate: ['importer/csv/{records,parse,check}.ts', 'importer/columns.ts'],
    tests: ['importer/csv/{records,broken,check.rows}.test.ts', 'importer/columns.test.ts'],
  },
}
