// SPDX-License-Identifier: Apache-2.0

import type { Picture } from './hazards'

/** The first photo of the report beside the last one of the repair; undefined unless there are both. */
export function beforeAndAfter(pictures: readonly Picture[]): { before: Picture; after: Picture } | undefined {
  const photos = pictures.filter((one) => one.kind === 'photo')
  const before = photos.find((one) => one.purpose === 'report')
  const after = photos.filter((one) => one.purpose === 'rectified').pop()
  return before && after ? { before, after } : undefined
}
