import { equivalent, forTypes } from './survivor.ts'

export const router = [
  equivalent('Both mean that it is not ready.')('router/app.ts', ['() => false', '() => undefined']),
  equivalent('Hono adds the slash.')('router/pages/docs.ts', ["app.get('/',", 'app.get("",']),
  equivalent('The key is only reserved: a read that has it sets it.')(
    'router/handler.ts',
    ["{ ETag: '' }", '{}'],
    ["{ ETag: '' }", '{ ETag: "Stryker was here!" }'],
    ['isSharedRead(endpoint) && endpoint.cache !== undefined ? {', 'false ? {'],
    ["{ 'Cache-Groups': '' }", '{}'],
    ["{ 'Cache-Groups': '' }", '{ \'Cache-Groups\': "Stryker was here!" }'],
  ),
  equivalent('The text `null` accepts no problem details either.')('router/response.ts', [
    'accept !== null &&',
    'true &&',
  ]),
  equivalent('The rate is 1 per millisecond, so both are the same.')('router/runtimes/http/admission.ts', [
    'delayed / refusalsPerMs',
    'delayed * refusalsPerMs',
  ]),
  equivalent('A route for all methods matches whatever this method is.')('router/routes.ts', [
    "match('ALL'",
    'match(""',
  ]),
  forTypes('router/openapi/operation.ts', ["split('/')[1] ?? ''", 'split(\'/\')[1] ?? "Stryker was here!"']),
  equivalent('Operation ids begin with a small letter, so the anchor changes nothing.')('router/openapi/document.ts', [
    '/^[a-z]+/',
    '/[a-z]+/',
  ]),
  forTypes(
    'router/openapi/failures.ts',
    ["message ?? ''", 'message ?? "Stryker was here!"'],
    ['error.issues[0]?.message', 'error.issues[0].message'],
  ),
  equivalent('The path of a missing field has one part, so no separator is used.')('router/openapi/failures.ts', [
    "join('.')",
    'join("")',
  ]),
  equivalent('No sample has this name.')(
    'router/openapi/examples.ts',
    ["name = ''", 'name = "Stryker was here!"'],
    ["within = ''", 'within = "Stryker was here!"'],
  ),
  equivalent('No field has this name.')('router/openapi/schemas.ts', [
    'required = []',
    'required = ["Stryker was here"]',
  ]),
  equivalent('For zod, all but `throw` is `any`.')('router/openapi/schemas.ts', [
    "unrepresentable: 'any',",
    'unrepresentable: "",',
  ]),
].flat()
