// SPDX-License-Identifier: Apache-2.0

import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue'
import { boxBetween, pixelate, type Box } from './blur'

interface Point {
  x: number
  y: number
}

export interface Cover {
  /** The box that is being drawn or moved by keys, in parts of the picture from 0 to 1. */
  box: ComputedRef<{ x: number; y: number; w: number; h: number }>
  covered: Ref<number>
  /** Whether the picture is on the canvas. */
  ready: Ref<boolean>
  load: (bytes: Blob, canvas: HTMLCanvasElement) => Promise<void>
  /** A finger or mouse goes down, moves, and goes up, in parts of the picture. */
  down: (at: Point) => void
  move: (at: Point) => void
  up: () => void
  /** Moves the box by parts of the picture, or changes its size. */
  nudge: (dx: number, dy: number, resize: boolean) => void
  /** Covers what is in the box. */
  apply: () => void
  undo: () => void
  /** The picture as it is now, as a new JPEG. */
  save: () => Promise<Blob>
}

/** Covers parts of a picture on a canvas. What is undone is drawn anew from the picture. */
export function useCover(): Cover {
  const canvas = shallowRef<HTMLCanvasElement>()
  const picture = shallowRef<ImageData>()
  const boxes = ref<Box[]>([])
  const from = ref<Point>({ x: 0.35, y: 0.35 })
  const to = ref<Point>({ x: 0.65, y: 0.65 })
  const drawing = ref(false)

  async function load(bytes: Blob, on: HTMLCanvasElement): Promise<void> {
    const bitmap = await createImageBitmap(bytes)
    on.width = bitmap.width
    on.height = bitmap.height
    const pen = penOf(on)
    pen.drawImage(bitmap, 0, 0)
    picture.value = pen.getImageData(0, 0, on.width, on.height)
    canvas.value = on
    bitmap.close()
  }

  function draw(): void {
    if (!picture.value || !canvas.value) return
    const { data, width, height } = picture.value
    const copy = new ImageData(new Uint8ClampedArray(data), width, height)
    for (const box of boxes.value) pixelate(copy, box)
    penOf(canvas.value).putImageData(copy, 0, 0)
  }

  function apply(): void {
    const [w, h] = [canvas.value?.width ?? 0, canvas.value?.height ?? 0]
    const box = boxBetween({ x: from.value.x * w, y: from.value.y * h }, { x: to.value.x * w, y: to.value.y * h }, w, h)
    if (box && box.width > 4 && box.height > 4) boxes.value.push(box)
    draw()
  }

  function down(at: Point): void {
    drawing.value = true
    from.value = to.value = at
  }

  function up(): void {
    if (drawing.value) apply()
    drawing.value = false
  }

  function nudge(dx: number, dy: number, resize: boolean): void {
    const shift = (p: Point): Point => ({ x: within(p.x + dx), y: within(p.y + dy) })
    to.value = shift(to.value)
    if (!resize) from.value = shift(from.value)
  }

  function undo(): void {
    boxes.value.pop()
    draw()
  }

  const save = (): Promise<Blob> =>
    new Promise((resolve, reject) => canvas.value?.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no blob'))), 'image/jpeg', 0.85))

  return {
    box: computed(() => ({
      x: Math.min(from.value.x, to.value.x), y: Math.min(from.value.y, to.value.y),
      w: Math.abs(to.value.x - from.value.x), h: Math.abs(to.value.y - from.value.y),
    })),
    covered: computed(() => boxes.value.length), ready: computed(() => canvas.value !== undefined), load, down, move: (at) => drawing.value && (to.value = at), up, nudge, apply, undo, save,
  }
}

const within = (n: number): number => Math.min(1, Math.max(0, n))

function penOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = canvas.getContext('2d', { willReadFrequently: true })
  if (!pen) throw new Error('no canvas')
  return pen
}
