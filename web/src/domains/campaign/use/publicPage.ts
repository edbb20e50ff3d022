// SPDX-License-Identifier: Apache-2.0

import { api, ok, type Answer } from '@/shared/api'

export type PublicCampaign = Answer<'/api/v1/public/campaigns/{slug}', 'get'>

/** A campaign as everybody may see it. */
export function publicCampaign(slug: string): Promise<PublicCampaign> {
  return ok(api.GET('/api/v1/public/campaigns/{slug}', { params: { path: { slug } } }))
}

/** Where `day` stands in a period of days, all as "2026-06-16". */
export function stageOf(day: string, starts: string, ends: string): 'done' | 'now' | 'later' {
  if (day < starts) return 'later'
  return day > ends ? 'done' : 'now'
}
