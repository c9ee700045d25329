import type { Random } from '../random.ts'

const first = (
  'Ada Alma Amir Anna Anton Aria Bea Ben Bruno Cara Clara Cleo Cora Dan Dara Dora Edda Eli Elsa Emil Erik Eva Finn Flora ' +
  'Gael Greta Hana Hugo Ida Ines Iris Ivan Jana Jonas Jude Kai Karin Kofi Lara Lena Leo Lila Luca Lucy Maja Malik Mara ' +
  'Mila Mina Nadia Nia Nils Noah Nora Olga Omar Oscar Otto Paula Pia Ravi Rhea Rosa Ruth Sami Sara Sofia Stella Tara ' +
  'Theo Tilda Tom Uma Vera Viktor Wanda Willa Yara Yusuf Zoe'
).split(' ')

const last = (
  'Abbott Adler Alves Banks Barlow Becker Berg Bloom Brandt Burke Carver Castro Conti Dahl Dalton Diaz Duarte Egan Ellis ' +
  'Faber Falk Fischer Frost Gale Garcia Grant Haas Hale Hart Holm Ibarra Iversen Jansen Keller Khan Kovac Lang Larsen ' +
  'Lindgren Lowe Marsh Mendez Moreau Nakata Novak Okafor Olsen Park Pereira Petrov Quinn Reyes Rossi Sato Schmidt Silva ' +
  'Stone Tanaka Thorne Vance Vega Voss Weber Winter Yilmaz Young'
).split(' ')

const adjectives =
  'quiet lucky sunny brave mellow tidy rapid gentle clever sleepy bold early happy snowy windy little'.split(' ')

const animals = 'otter heron fox badger wren falcon panda koala lynx robin seal hare beaver crane tiger moose'.split(
  ' ',
)

const hosts = ['mail.example', 'post.example', 'inbox.example', 'letters.example']

export const nickname = ({ below, pick }: Random): string => {
  const form = below(4)
  if (form === 0) return `${pick(first)}${1 + below(99)}`
  if (form === 1) return `${pick(first)}_${pick(last)}`
  if (form === 2) return `${pick(adjectives)}${pick(animals)}${below(100)}`
  return `${pick(first)}.${pick(last)}${1 + below(99)}`
}

/** An address in the reserved domain `.example`, which reaches nobody. */
export const email = ({ below, pick }: Random): string => `${pick(first)}.${pick(last)}${1 + below(99)}@${pick(hosts)}`

const year = 365 * 24 * 60 * 60 * 1000
const opening = Date.UTC(2020, 3, 1)

/** A time within the year from April 2020, in epoch milliseconds. */
export const moment = ({ below }: Random): number => opening + below(year)
