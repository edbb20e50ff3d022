// SPDX-License-Identifier: Apache-2.0

import { watch, type Ref } from 'vue'
import { unitOfCode, type QrUnit } from '@/domains/org/use/qrUnit'
import { useLoad, type Loaded } from '@/shared/load'
import type { Draft } from './draft'

/** The unit whose QR code was scanned; its place becomes the draft's. Without a code there is nothing to load. */
export function useQrUnit(draft: Ref<Draft>): Loaded<QrUnit | undefined> {
  const unit = useLoad(async () => (draft.value.unitCode ? unitOfCode(draft.value.unitCode) : undefined))
  watch(unit.data, (found) => {
    if (found) draft.value.place = [{ path: found.place, name: found.place_name }]
  })
  watch(unit.error, (error) => {
    if (error && !error.passing) draft.value.unitCode = ''
  })
  return unit
}
