/** A mutant that no test can kill, and the reason. */
export type KnownSurvivor = {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

const equivalent =
  (reason: string) =>
  (file: string, ...pairs: [from: string, to: string][]): KnownSurvivor[] =>
    pairs.map(([from, to]) => ({ file, from, to, reason }))

const forTypes = equivalent('Only the compiler needs this branch: it never runs.')

export const knownSurvivors: readonly KnownSurvivor[] = [
  equivalent('The rate is 1 per millisecond, so both are the same.')('router/runtimes/admission.ts', [
    'refused / refusalsPerMs',
    'refused * refusalsPerMs',
  ]),
  equivalent('A route for all methods matches whatever this method is.')('router/routes.ts', ["'ALL'", '""']),
  forTypes('router/openapi/document.ts', ["''", '"Stryker was here!"']),
  equivalent('Operation ids begin with a small letter, so the anchor changes nothing.')('router/openapi/document.ts', [
    '/^[a-z]+/',
    '/[a-z]+/',
  ]),
  forTypes(
    'router/openapi/failures.ts',
    ['failures[0]?.status', 'failures[0].status'],
    ["''", '"Stryker was here!"'],
    ['error.issues[0]?.message', 'error.issues[0].message'],
  ),
  equivalent('The path of a missing field has one part, so no separator is used.')('router/openapi/failures.ts', [
    "'.'",
    '""',
  ]),
  equivalent('No sample has this name.')('router/openapi/examples.ts', ["''", '"Stryker was here!"']),
  equivalent('No field has this name.')('router/openapi/schemas.ts', ['[]', '["Stryker was here"]']),
  equivalent('The polling interval changes only the load, and `ref` only whether the timer keeps the process alive.')(
    'db/replicas/followReplica.ts',
    ['replayed === undefined', 'false'],
    ['replayed === undefined', 'true'],
    ['replayed === undefined', 'replayed !== undefined'],
    ['{ ref: false }', '{}'],
    ['false', 'true'],
  ),
  equivalent('A comparison with undefined is false anyway.')('db/replicas/followReplica.ts', [
    'replayed !== undefined',
    'true',
  ]),
  equivalent('The polling interval changes only the load, and `ref` only whether the timer keeps the process alive.')(
    'db/replicas/routeReads.ts',
    ['nextMinimum === undefined', 'false'],
    ['nextMinimum === undefined', 'true'],
    ['nextMinimum === undefined', 'nextMinimum !== undefined'],
    ['{ ref: false }', '{}'],
    ['false', 'true'],
  ),
  equivalent('One more try asks the first replica again, with the same result.')('db/replicas/routeReads.ts', [
    'tries < replicas.length',
    'tries <= replicas.length',
  ]),
  forTypes(
    'db/replicas/routeReads.ts',
    ['replica?.hasReplayed', 'replica.hasReplayed'],
    ['position !== undefined', 'true'],
  ),
  equivalent('Equal positions: either is the result.')('db/replicas/routeReads.ts', [
    'position > minimumPosition',
    'position >= minimumPosition',
  ]),
  equivalent('The pattern matches both groups or neither.')('db/replicas/walPosition.ts', [
    'high && low',
    'high || low',
  ]),
  equivalent('The result is no WAL position either.')(
    'db/replicas/walPosition.ts',
    ['[]', '["Stryker was here"]'],
    ["''", '"Stryker was here!"'],
  ),
  equivalent('The fast path and the slow path give the same result.')(
    'importer/csv/parse.ts',
    ["!text.includes('\\r')", 'false'],
    ['!otherThanCrlf.test(text)', 'false'],
  ),
  equivalent('The fast path and the slow path give the same result.')(
    'importer/columns.ts',
    ['cell.charCodeAt(0) > 48 && cell.trimEnd() === cell', 'false'],
    ['digit < 0 || digit > 9', 'true'],
    ['digit < 0', 'digit <= 0'],
    ['digit < 0', 'digit >= 0'],
    ['digit > 9', 'digit >= 9'],
    ['cell.charCodeAt(index) - 48', 'cell.charCodeAt(index) + 48'],
    ["cell === 'null'", 'false'],
  ),
].flat()
