/** A mutant that no test can kill, and the reason. */
export type KnownSurvivor = {
  readonly file: string
  readonly from: string
  readonly to: string
  readonly reason: string
}

const because =
  (reason: string) =>
  (file: string, ...pairs: [from: string, to: string][]): KnownSurvivor[] =>
    pairs.map(([from, to]) => ({ file, from, to, reason }))

const typesAlone = because('The compiler asks for it, and what it is for cannot be.')

export const knownSurvivors: readonly KnownSurvivor[] = [
  because('The rate is 1 in a millisecond.')('router/runtimes/admission.ts', [
    'refused / refusalsPerMs',
    'refused * refusalsPerMs',
  ]),
  because('What is added for all methods is found by any.')('router/routes.ts', ["'ALL'", '""']),
  typesAlone('router/openapi/document.ts', ["''", '"Stryker was here!"']),
  because('The id of an operation begins with a small letter.')('router/openapi/document.ts', [
    '/^[a-z]+/',
    '/[a-z]+/',
  ]),
  typesAlone(
    'router/openapi/failures.ts',
    ['failures[0]?.status', 'failures[0].status'],
    ["''", '"Stryker was here!"'],
    ['error.issues[0]?.message', 'error.issues[0].message'],
  ),
  because('A field that is missing is named by itself.')('router/openapi/failures.ts', ["'.'", '""']),
  because('Nothing has that name, as nothing has none.')('router/openapi/examples.ts', ["''", '"Stryker was here!"']),
  because('Nothing has that name.')('router/openapi/schemas.ts', ['[]', '["Stryker was here"]']),
  because('How often a server is asked is a matter of load, and whether a process ends of none.')(
    'db/replicas/followReplica.ts',
    ['replayed === undefined', 'false'],
    ['replayed === undefined', 'true'],
    ['replayed === undefined', 'replayed !== undefined'],
    ['{ ref: false }', '{}'],
    ['false', 'true'],
  ),
  because('Nothing is greater than undefined, nor as great.')('db/replicas/followReplica.ts', [
    'replayed !== undefined',
    'true',
  ]),
  because('How often a server is asked is a matter of load, and whether a process ends of none.')(
    'db/replicas/routeReads.ts',
    ['nextMinimum === undefined', 'false'],
    ['nextMinimum === undefined', 'true'],
    ['nextMinimum === undefined', 'nextMinimum !== undefined'],
    ['{ ref: false }', '{}'],
    ['false', 'true'],
  ),
  because('The first is asked once more, and has no more than before.')('db/replicas/routeReads.ts', [
    'tries < replicas.length',
    'tries <= replicas.length',
  ]),
  typesAlone(
    'db/replicas/routeReads.ts',
    ['replica?.hasReplayed', 'replica.hasReplayed'],
    ['position !== undefined', 'true'],
  ),
  because('Both are the same.')('db/replicas/routeReads.ts', [
    'position > minimumPosition',
    'position >= minimumPosition',
  ]),
  because('Where one is, both are.')('db/replicas/walPosition.ts', ['high && low', 'high || low']),
  because('It is no place in the log either.')(
    'db/replicas/walPosition.ts',
    ['[]', '["Stryker was here"]'],
    ["''", '"Stryker was here!"'],
  ),
  because('It is the faster of two ways to the same.')(
    'importer/csv/parse.ts',
    ["!text.includes('\\r')", 'false'],
    ['!otherThanCrlf.test(text)', 'false'],
  ),
  because('It is the faster of two ways to the same.')(
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
