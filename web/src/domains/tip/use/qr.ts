// SPDX-License-Identifier: Apache-2.0

/**
 * QR pictures of query codes, drawn on the phone: the code must not go to anybody who
 * draws. Of ISO/IEC 18004 it knows what a code needs: version 2, level Q, up to 29
 * capital letters, digits and dashes, mask 0.
 */

/** Modules on each side. */
export const size = 25

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'
const dataBytes = 22
const checkBytes = 22
const mostCharacters = 29

/** Rows of modules, true for dark. Throws for a text that does not fit. */
export function qrOf(text: string): boolean[][] {
  const data = encode(text)
  const bits = [...data, ...checksOf(data)].flatMap(bitsOfByte)
  const modules = frame()
  let n = 0
  for (const [row, column] of path(modules)) {
    const bit = bits[n++] ?? 0 // the last seven are left over
    set(modules, row, column, (bit === 1) !== ((row + column) % 2 === 0))
  }
  return modules.map((row) => row.map(Boolean))
}

/** The modules of a picture as one path for an SVG with `quiet` light modules around it. */
export function svgPath(modules: readonly (readonly boolean[])[], quiet: number): string {
  return modules
    .flatMap((row, y) => row.flatMap((dark, x) => (dark ? `M${x + quiet} ${y + quiet}h1v1h-1z` : [])))
    .join('')
}

function encode(text: string): number[] {
  const values = Array.from(text, (c) => alphabet.indexOf(c))
  if (values.length > mostCharacters || values.includes(-1)) throw new Error('not a text for this QR code')
  let bits = '0010' + binary(values.length, 9)
  for (let i = 0; i < values.length; i += 2) {
    const [a = 0, b] = values.slice(i, i + 2)
    bits += b === undefined ? binary(a, 6) : binary(a * 45 + b, 11)
  }
  bits += '0'.repeat(Math.min(4, dataBytes * 8 - bits.length))
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, '0')
  const bytes = (bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2))
  return [...bytes, ...Array.from({ length: dataBytes - bytes.length }, (_, i) => (i % 2 === 0 ? 0xec : 0x11))]
}

const binary = (n: number, width: number): string => n.toString(2).padStart(width, '0')

const bitsOfByte = (byte: number): number[] => Array.from(binary(byte, 8), Number)

/** Reed-Solomon over GF(256) with x⁸+x⁴+x³+x²+1. */
function checksOf(data: readonly number[]): number[] {
  const generator = generatorOf(checkBytes)
  const rest = [...data, ...new Array<number>(checkBytes).fill(0)]
  for (let i = 0; i < data.length; i++) {
    const factor = rest[i] ?? 0
    generator.forEach((g, j) => (rest[i + j] = (rest[i + j] ?? 0) ^ times(g, factor)))
  }
  return rest.slice(data.length)
}

function generatorOf(degree: number): number[] {
  let polynomial = [1]
  for (let i = 0, root = 1; i < degree; i++, root = times(root, 2)) {
    const shifted = [...polynomial, 0]
    polynomial = shifted.map((c, j) => c ^ times(polynomial[j - 1] ?? 0, root))
  }
  return polynomial
}

function times(a: number, b: number): number {
  let product = 0
  for (let x = a, y = b; y > 0; y >>= 1, x = (x << 1) ^ (x & 0x80 ? 0x11d : 0)) if (y & 1) product ^= x
  return product
}

type Modules = (boolean | undefined)[][]

function set(modules: Modules, row: number, column: number, dark: boolean): void {
  const line = modules[row]
  if (line && column >= 0 && column < size) line[column] = dark
}

/** Everything but the data: what a reader finds the picture by, and its format. */
function frame(): Modules {
  const modules: Modules = Array.from({ length: size }, () => new Array<boolean | undefined>(size).fill(undefined))
  for (const [row, column] of [[3, 3], [3, size - 4], [size - 4, 3]] as const) rings(modules, row, column, 4, [0, 1, 3])
  rings(modules, size - 7, size - 7, 2, [0, 2])
  for (let i = 8; i < size - 8; i++) {
    set(modules, 6, i, i % 2 === 0)
    set(modules, i, 6, i % 2 === 0)
  }
  placeFormat(modules)
  return modules
}

/** Square rings around a middle, out to a radius; those named are dark. */
function rings(modules: Modules, row: number, column: number, radius: number, dark: readonly number[]): void {
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) set(modules, row + y, column + x, dark.includes(Math.max(Math.abs(x), Math.abs(y))))
  }
}

/** Level Q (11) and mask 0 (000) with their checks, twice, and the module that is always dark. */
function placeFormat(modules: Modules): void {
  const level = 0b11000
  let rest = level << 10
  for (let bit = 14; bit >= 10; bit--) if ((rest >> bit) & 1) rest ^= 0b10100110111 << (bit - 10)
  const format = ((level << 10) | rest) ^ 0b101010000010010
  for (let i = 0; i < 15; i++) {
    const dark = ((format >> i) & 1) === 1
    set(modules, i < 6 ? i : i < 8 ? i + 1 : size - 15 + i, 8, dark)
    set(modules, 8, i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i, dark)
  }
  set(modules, size - 8, 8, true)
}

/** The free modules in the order of the data: pairs of columns from the right, up and down in turn. */
function path(modules: Modules): [number, number][] {
  const way: [number, number][] = []
  for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
    if (right === 6) right--
    for (let i = 0; i < size; i++) {
      const row = up ? size - 1 - i : i
      for (const column of [right, right - 1]) if (modules[row]?.[column] === undefined) way.push([row, column])
    }
  }
  return way
}
