import { equivalent, forTypes } from './survivor.ts'

export const handlers = [
  equivalent('The text is built again, with the same result.')('handlers/buildSql.ts', [
    'if (cached !== undefined)',
    'if (false)',
  ]),
  equivalent('A greedy `.*` goes to the end, and SQL may begin with blanks.')(
    'handlers/buildSql.ts',
    ['(.*)$/s', '(.*)/s'],
    ['/^with\\s+', '/^with\\s'],
  ),
  equivalent('The expressions are the second item, which one item does not have.')('handlers/buildSql.ts', [
    '?? []',
    '?? ["Stryker was here"]',
  ]),
  equivalent('Common table expressions begin with their `with`.')('handlers/idempotency.ts', [
    "replace(/^with\\b/i, '')",
    "replace(/with\\b/i, '')",
  ]),
  equivalent('A name that is short counts as none.')('handlers/bounds.ts', ['? []', '? ["Stryker was here"]']),
  forTypes(
    'handlers/endpoint.ts',
    ["name ?? '')", 'name ?? "Stryker was here!")'],
    ['issues[0]?.path[0]', 'issues[0].path[0]'],
  ),
].flat()
