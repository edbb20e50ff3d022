// SPDX-License-Identifier: Apache-2.0

/** A photo made smaller and free of hidden data. */
export interface CleanPhoto {
  blob: Blob
  width: number
  height: number
}

/** Longest side of a photo that is sent, in pixels: text on a sign stays readable. */
export const longestSide = 1920

const quality = 0.82

/** The size of a w × h picture whose longest side is at most max. It is never made larger, and never 0. */
export function fitWithin(w: number, h: number, max: number): { width: number; height: number } {
  const k = Math.min(1, max / Math.max(w, h))
  return { width: Math.max(1, Math.round(w * k)), height: Math.max(1, Math.round(h * k)) }
}

/**
 * Draws the photo anew: upright, at most longestSide, as JPEG. Everything that was
 * hidden in the file (place, device, time) is gone. Rejects when the file is not a
 * picture that this device can show.
 */
export async function cleanPhoto(file: Blob): Promise<CleanPhoto> {
  const picture = await decode(file)
  const { width, height } = fitWithin(picture.width, picture.height, longestSide)
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('no canvas')
  pen.drawImage(picture.source, 0, 0, width, height)
  picture.close()
  return { blob: await encode(canvas), width, height }
}

interface Picture {
  source: CanvasImageSource
  width: number
  height: number
  close: () => void
}

async function decode(file: Blob): Promise<Picture> {
  try {
    const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { source: bitmap, width: bitmap.width, height: bitmap.height, close: () => bitmap.close() }
  } catch {
    return decodeAsImage(file) // Safari before 15 has no options for createImageBitmap
  }
}

async function decodeAsImage(file: Blob): Promise<Picture> {
  const url = URL.createObjectURL(file)
  const image = new Image()
  image.src = url
  try {
    await image.decode()
  } catch (cause) {
    URL.revokeObjectURL(url)
    throw cause
  }
  return { source: image, width: image.naturalWidth, height: image.naturalHeight, close: () => URL.revokeObjectURL(url) }
}

function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no blob'))), 'image/jpeg', quality)
  })
}
