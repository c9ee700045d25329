/** The memory of a `ParentIndex`, which threads can share. */
export type SharedIndex = {
  readonly keys: Int32Array
  readonly offsets: Int32Array
  readonly values: Int32Array
  readonly blockCount: number
}

const blockSize = 16

/**
 * A hash map from integers to blocks of 16 integers: ids come mostly in runs, which need little more than 4 bytes each.
 */
class BlockMap {
  #keys: Int32Array
  #offsets: Int32Array
  #values: Int32Array
  #blockCount: number
  #lastKey = -1
  #lastOffset = -1

  constructor(
    { keys, offsets, values, blockCount }: SharedIndex = {
      keys: allocate(64),
      offsets: allocate(64),
      values: allocate(512),
      blockCount: 0,
    },
  ) {
    this.#keys = keys
    this.#offsets = offsets
    this.#values = values
    this.#blockCount = blockCount
  }

  get shared(): SharedIndex {
    return { keys: this.#keys, offsets: this.#offsets, values: this.#values, blockCount: this.#blockCount }
  }

  read(block: number, position: number): number {
    const offset = this.#find(block)
    return offset === -1 ? 0 : (this.#values[offset + position] ?? 0)
  }

  write(block: number, position: number, value: number): void {
    let offset = this.#find(block)
    if (offset === -1) offset = this.#add(block)
    this.#values[offset + position] = value
  }

  #find(block: number): number {
    if (block === this.#lastKey) return this.#lastOffset
    const slot = this.#findSlot(block)
    if (this.#keys[slot] === 0) return -1
    this.#lastKey = block
    return (this.#lastOffset = this.#offsets[slot] ?? -1)
  }

  /** The slot of a block, or the empty one for it. An empty slot has the key 0; keys are stored plus 1. */
  #findSlot(block: number): number {
    const last = this.#keys.length - 1
    let slot = (Math.imul(block, 0x9e3779b1) >>> 7) & last
    while (this.#keys[slot] !== 0 && this.#keys[slot] !== block + 1) slot = (slot + 1) & last
    return slot
  }

  #add(block: number): number {
    if (this.#blockCount * 2 >= this.#keys.length) this.#grow()
    const offset = this.#blockCount * blockSize
    if (offset === this.#values.length) this.#values = resize(this.#values, this.#values.length * 2)
    const slot = this.#findSlot(block)
    this.#keys[slot] = block + 1
    this.#offsets[slot] = offset
    this.#blockCount += 1
    return offset
  }

  #grow(): void {
    const keys = this.#keys
    const offsets = this.#offsets
    this.#keys = allocate(keys.length * 2)
    this.#offsets = allocate(keys.length * 2)
    keys.forEach((key, index) => {
      if (key === 0) return
      const slot = this.#findSlot(key - 1)
      this.#keys[slot] = key
      this.#offsets[slot] = offsets[index] ?? 0
    })
  }
}

const allocate = (length: number): Int32Array => new Int32Array(new SharedArrayBuffer(length * 4))

const resize = (array: Int32Array, length: number): Int32Array => {
  const larger = allocate(length)
  larger.set(array)
  return larger
}

/** The product id of each row of a table, by the row's id. */
export class ParentIndex {
  readonly #blocks: BlockMap

  /** Reads and extends the memory of another thread, if given. */
  constructor(shared?: SharedIndex) {
    this.#blocks = new BlockMap(shared)
  }

  get shared(): SharedIndex {
    return this.#blocks.shared
  }

  /** The product id of a row; 0 if the row does not exist. */
  get(id: number): number {
    return this.#blocks.read(id >>> 4, id & 15)
  }

  set(id: number, product: number): void {
    this.#blocks.write(id >>> 4, id & 15, product)
  }
}

export class IdSet {
  readonly #blocks = new BlockMap()

  /** Adds an id, and returns whether it was new. */
  add(id: number): boolean {
    const block = id >>> 9
    const position = (id >>> 5) & 15
    const bit = 1 << (id & 31)
    const bits = this.#blocks.read(block, position)
    if ((bits & bit) !== 0) return false
    this.#blocks.write(block, position, bits | bit)
    return true
  }
}
