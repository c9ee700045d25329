import { withDatabase } from './open.ts'
import { main, Problem } from './problem.ts'
import { findWrongTotals } from './verify.ts'

await main(async () => {
  const wrong = await withDatabase(findWrongTotals)
  if (wrong.length === 0) return console.log('The totals of all products equal a recount of their reviews.')
  throw new Problem(
    `The totals of ${wrong.length} products are wrong (${wrong.slice(0, 10).join(', ')}): "call rebuild_review_totals()" mends them.`,
  )
})
