/** The place of a task in a queue: tasks of a group take turns with those of others, and a batch tells its size. */
export type Turn = { readonly group?: string | undefined; readonly size?: () => number }

type Queued = { readonly turn: Turn }

/**
 * Takes from a queue the oldest task of the group whose last turn is the longest ago; without groups, the oldest and
 * the largest in turns.
 */
export const fairQueue = <Task extends Queued>(waiting: Task[]): (() => Task | undefined) => {
  const turns = new Map<string | undefined, number>()
  let turn = 0
  const turnOf = ({ turn: { group } }: Task) => turns.get(group) ?? 0
  const takeFirst = (isBefore: (one: Task, other: Task) => boolean): Task => {
    const next = waiting.reduce((best, task) => (isBefore(task, best) ? task : best))
    waiting.splice(waiting.indexOf(next), 1)
    return next
  }

  return () => {
    turn += 1
    if (waiting[0]?.turn.group === undefined)
      return waiting.length > 1 && turn % 2 === 0
        ? takeFirst((one, other) => sizeOf(one) > sizeOf(other))
        : waiting.shift()
    const next = takeFirst((one, other) => turnOf(one) < turnOf(other))
    if (waiting.length === 0 || turns.size > maxGroups) turns.clear()
    if (next.turn.group !== undefined) turns.set(next.turn.group, turn)
    return next
  }
}

const sizeOf = ({ turn: { size } }: Queued): number => size?.() ?? 1

const maxGroups = 1000
