import { refused } from './refused.ts'
import { usual } from './usual.ts'
import { wire } from './wire.ts'

/** The requests of the suite, in the order in which they are sent. */
export const requests = [...usual, ...refused, ...wire]
