// SPDX-License-Identifier: Apache-2.0

import { api, ok, type Answer } from '@/shared/api'

export type Home = Answer<'/api/v1/public/home', 'get'>

/** What the first page shows: the campaign that runs, figures, numbers to call. */
export function home(): Promise<Home> {
  return ok(api.GET('/api/v1/public/home'))
}
