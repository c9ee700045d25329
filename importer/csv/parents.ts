/** What the ids of a table are kept as, to be handed to another thread, which shares it. */
export type SharedIds = {
  readonly keys: Int32Array
  readonly places: Int32Array
  readonly cells: Int32Array
  readonly used: number
}

const cellsInBlock = 16

/** Numbers in blocks that a hash finds: ids come mostly in runs, and cost then no more than the number kept for each. */
class Blocks {
  #keys: Int32Array
  #places: Int32Array
  #cells: Int32Array
  #used: number
  #lastKey = -1
  #lastPlace = -1

  constructor(
    { keys, places, cells, used }: SharedIds = { keys: ints(64), places: ints(64), cells: ints(512), used: 0 },
  ) {
    this.#keys = keys
    this.#places = places
    this.#cells = cells
    this.#used = used
  }

  get shared(): SharedIds {
    return { keys: this.#keys, places: this.#places, cells: this.#cells, used: this.#used }
  }

  read(block: number, cell: number): number {
    const place = this.#find(block)
    return place === -1 ? 0 : (this.#cells[place + cell] ?? 0)
  }

  write(block: number, cell: number, value: number): void {
    let place = this.#find(block)
    if (place === -1) place = this.#add(block)
    this.#cells[place + cell] = value
  }

  #find(block: number): number {
    if (block === this.#lastKey) return this.#lastPlace
    const slot = this.#slotOf(block)
    if (this.#keys[slot] === 0) return -1
    this.#lastKey = block
    return (this.#lastPlace = this.#places[slot] ?? -1)
  }

  /** The slot that a block has, or that is free for it. An empty slot has the key 0. */
  #slotOf(block: number): number {
    const last = this.#keys.length - 1
    let slot = (Math.imul(block, 0x9e3779b1) >>> 7) & last
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== block + 1) slot = (slot + 1) & last
    return slot
  }

  #add(block: number): number {
    if (this.#used * 2 >= this.#keys.length) this.#grow()
    const place = this.#used * cellsInBlock
    if (place === this.#cells.length) this.#cells = copied(this.#cells, this.#cells.length * 2)
    const slot = this.#slotOf(block)
    this.#keys[slot] = block + 1
    this.#places[slot] = place
    this.#used += 1
    return place
  }

  #grow(): void {
    const keys = this.#keys
    const places = this.#places
    this.#keys = ints(keys.length * 2)
    this.#places = ints(keys.length * 2)
    keys.forEach((key, index) => {
      if (key === 0) return
      const slot = this.#slotOf(key - 1)
      this.#keys[slot] = key
      this.#places[slot] = places[index] ?? 0
    })
  }
}

const ints = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4))

const copied = (from: Int32Array, length: number): Int32Array => {
  const into = ints(length)
  into.set(from)
  return into
}

/** The product of each row of a table, by the row's id. */
export class ParentIndex {
  readonly #blocks: Blocks

  /** Those of another thread, if given. */
  constructor(shared?: SharedIds) {
    this.#blocks = new Blocks(shared)
  }

  get shared(): SharedIds {
    return this.#blocks.shared
  }

  /** The product of a row; 0 if there is no such row. */
  get(id: number): number {
    return this.#blocks.read(id >>> 4, id & 15)
  }

  set(id: number, product: number): void {
    this.#blocks.write(id >>> 4, id & 15, product)
  }
}

/** A set of ids. */
export class IdSet {
  readonly #blocks = new Blocks()

  /** Adds an id, and returns whether it was new. */
  add(id: number): boolean {
    const block = id >>> 9
    const cell = (id >>> 5) & 15
    const bit = 1 << (id & 31)
    const bits = this.#blocks.read(block, cell)
    if ((bits & bit) !== 0) return false
    this.#blocks.write(block, cell, bits | bit)
    return true
  }
}
