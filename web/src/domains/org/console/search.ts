// SPDX-License-Identifier: Apache-2.0

import type { Hit, SearchSource } from '@/shared/console/meta'
import { can } from '@/shared/console/session'
import { people } from '../use/people'
import { units } from '../use/units'
import { t } from './words'

/** Units and people by name. */
const source: SearchSource = {
  perms: ['org.read', 'person.read'],
  title: () => t('search.title'),
  async find(q, signal) {
    const [foundUnits, foundPeople] = await Promise.all([
      can('org.read') ? units({ q, limit: 6 }, signal) : undefined,
      can('person.read') ? people({ q, limit: 6 }, signal) : undefined,
    ])
    const hits: Hit[] = (foundUnits?.items ?? []).map((one) => ({ label: one.name, note: one.place_name, to: `/units/${one.id}` }))
    return hits.concat(
      (foundPeople?.items ?? []).map((one) => ({ label: one.name, note: one.unit_name ?? t('person.title'), to: `/people/${one.id}` })),
    )
  },
}

export default source
