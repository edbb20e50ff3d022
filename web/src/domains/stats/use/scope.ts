// SPDX-License-Identifier: Apache-2.0

import { me } from '@/shared/console/session'

/** Of whom figures are asked: the region of the top bar, else the first region of mine, else my unit. */
export function scopeOf(chosen: string, mine: readonly string[]): { place: string } | { unit: string } {
  const place = chosen || mine[0]
  return place ? { place } : { unit: me.value?.unit.id ?? '' }
}
