import { equivalent, forTypes, pacing } from './survivor.ts'

export const db = [
  equivalent('`begin` replaces it before anybody reads it.')('db/batch.ts', [
    'Promise.resolve([])',
    'Promise.resolve(["Stryker was here"])',
  ]),
  equivalent('A key without an outcome has no answer, as one whose outcome is empty.')(
    'db/send.ts',
    ['() => ({})', '() => undefined'],
    ['outcome?.answer', 'outcome.answer'],
  ),
  forTypes('db/pool/pool.ts', ['waiting.shift()?.refuse', 'waiting.shift().refuse']),
  pacing(
    'db/replicas/followReplica.ts',
    ['sleep(replayed === undefined ?', 'sleep(false ?'],
    ['sleep(replayed === undefined ?', 'sleep(true ?'],
    ['sleep(replayed === undefined ?', 'sleep(replayed !== undefined ?'],
    ['{ ref: false }', '{}'],
    ['{ ref: false }', '{ ref: true }'],
  ),
  equivalent('A comparison with undefined is false anyway.')('db/replicas/followReplica.ts', [
    'replayed !== undefined && replayed',
    'true && replayed',
  ]),
  pacing(
    'db/replicas/routeReads.ts',
    ['sleep(nextMinimum === undefined ?', 'sleep(false ?'],
    ['sleep(nextMinimum === undefined ?', 'sleep(true ?'],
    ['sleep(nextMinimum === undefined ?', 'sleep(nextMinimum !== undefined ?'],
    ['{ ref: false }', '{}'],
    ['{ ref: false }', '{ ref: true }'],
  ),
  equivalent('One more try asks the first replica again, with the same result.')('db/replicas/routeReads.ts', [
    'tries < replicas.length',
    'tries <= replicas.length',
  ]),
  forTypes('db/replicas/routeReads.ts', ['replica?.hasReplayed', 'replica.hasReplayed']),
  equivalent('No replica has replayed a position that is not known.')('db/replicas/routeReads.ts', [
    'position !== undefined',
    'true',
  ]),
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
    ['exec(text) ?? []', 'exec(text) ?? ["Stryker was here"]'],
    ["(await ask()) ?? ''", '(await ask()) ?? "Stryker was here!"'],
  ),
].flat()
