// SPDX-License-Identifier: Apache-2.0

import type { SearchSource } from '@/shared/console/meta'
import { hazards } from '../use/hazards'
import { t } from './words'

/** Hazards by number or words. */
const source: SearchSource = {
  perms: ['hazard.read'],
  title: () => t('search.title'),
  async find(q, signal) {
    const { items } = await hazards({ q, limit: 6 }, signal)
    return (items ?? []).map((one) => ({
      label: `${one.no} ${one.words.slice(0, 30)}`,
      note: t(`status.${one.status}`),
      to: `/hazards/${one.id}`,
    }))
  },
}

export default source
