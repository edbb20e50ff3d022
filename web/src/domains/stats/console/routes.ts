// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/figures',
    component: () => import('./Figures.vue'),
    meta: { title: () => t('list.title'), rail: { group: 'figures', order: 10 }, perms: ['stats.read'] },
  },
  { path: '/figures/:key', component: () => import('./FigurePage.vue'), meta: { title: () => t('list.title'), perms: ['stats.read'] } },
]

export default routes
