import type { Hono } from 'hono'
import { errorResponse, response } from '../response.ts'
import { httpFailures } from '../../handlers/failure.ts'

/**
 * Serves `/pictures/<category>/<number>.svg?w=<width>`, the photos of the demo shop: a piece of the category in one of
 * a few colours. An address always gives the same picture, so that browsers cache it for good.
 */
export const addPictures = (app: Hono): void => {
  app.get('/pictures/:category/:file', ({ req }) => {
    const [, number] = /^(\d{1,9})\.svg$/.exec(req.param('file')) ?? []
    const category = req.param('category')
    if (number === undefined || !Object.hasOwn(shapes, category))
      return errorResponse(req.raw, httpFailures.unknownRoute)
    const [, width = '600'] = /^(\d{1,4})$/.exec(req.query('w') ?? '') ?? []
    return response(req.raw, 200, draw(shapes[category]!, Number(number), Number(width)), {
      'Content-Type': 'image/svg+xml',
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })
}

// An outline and its seams, as SVG paths within 100 by 100.
const coat = ['M34 20 44 15h12l10 5 16 14-8 12-7-5v46H33V41l-7 5-8-12z', 'M50 15v72M38 66h7M55 66h7']
const top = ['M34 22 44 18q6 5 12 0l10 4 15 13-8 11-7-5v38H34V41l-7 5-8-11z', 'M44 18q6 9 12 0']
const trousers = ['M33 14h34l5 73H56L50 40 44 87H28z', 'M32 22h36M50 22v18']
const shorts = ['M28 26h44l6 42H55l-5-18-5 18H22z', 'M27 34h46M50 34v16']
const skirt = ['M36 20h28l16 60H20z', 'M35 27h30M42 27l-7 53M58 27l7 53']
const shoe = ['M14 44q8 6 16 2l6-6 22 16q24 2 28 12v8H14z', 'M14 68h72M40 48l5-5M47 53l5-5M54 58l5-5']
const boot = ['M30 12h26v38q26 4 30 18v14H30z', 'M30 74h56M30 20h26M43 30h13M43 38h13']

const shapes: Readonly<Record<string, readonly string[]>> = {
  jackets: coat,
  coats: coat,
  shirts: top,
  knitwear: top,
  hoodies: top,
  trousers,
  jeans: trousers,
  shorts,
  skirts: skirt,
  sneakers: shoe,
  boots: boot,
  'formal-shoes': shoe,
}

/** Colours of the background and of the piece. */
const tints = [
  ['#f1ece4', '#6b7a5e'],
  ['#e6ecf0', '#34526b'],
  ['#f4e8e2', '#a85d43'],
  ['#eceaf2', '#5d5478'],
  ['#f3efdc', '#b08a2e'],
  ['#e5efe9', '#2f6657'],
  ['#efefed', '#45474b'],
  ['#f2e6ea', '#8a3b52'],
] as const

const draw = ([outline, seams]: readonly string[], number: number, width: number): string => {
  // A multiplicative hash, so that consecutive numbers differ.
  const hash = (number * 2654435761) >>> 0
  const [wall, cloth] = tints[hash % tints.length]!
  const turn = ((hash >>> 8) % 13) - 6
  const sun = 20 + ((hash >>> 12) % 60)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 125" width="${width}" height="${Math.round(1.25 * width)}">
<rect width="100" height="125" fill="${wall}"/>
<circle cx="${sun}" cy="40" r="34" fill="#fff" opacity=".45"/>
<ellipse cx="50" cy="108" rx="34" ry="4" opacity=".12"/>
<g transform="translate(0 14) rotate(${turn} 50 50)" stroke-linejoin="round" stroke-linecap="round">
<path d="${outline}" fill="${cloth}"/>
<path d="${seams}" fill="none" stroke="${wall}" stroke-width="1.4" opacity=".7"/>
</g>
</svg>
`
}
