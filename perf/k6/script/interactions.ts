import { type Operation, post } from './ask.ts'

export const recordInteraction: Operation = () =>
  post('/interactions', { element: 'button.add-to-cart', widget: 'overview', time: '2024-03-05T06:07:08.009Z' })
