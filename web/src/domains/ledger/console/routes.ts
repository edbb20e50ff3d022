// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/ledger',
    component: () => import('./Ledger.vue'),
    meta: { title: () => t('title'), rail: { group: 'figures', order: 20 }, perms: ['ledger.read'] },
  },
  { path: '/ledger/:id', component: () => import('./EntryPage.vue'), meta: { title: () => t('entry.title'), perms: ['ledger.read'] } },
]

export default routes
