// SPDX-License-Identifier: Apache-2.0

import { api, ok, type Answer } from '@/shared/api'

export type QrUnit = Answer<'/api/v1/public/units/{code}', 'get'>

/** The unit whose QR code holds code. */
export function unitOfCode(code: string): Promise<QrUnit> {
  return ok(api.GET('/api/v1/public/units/{code}', { params: { path: { code } } }))
}
