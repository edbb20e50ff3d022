// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/',
    component: () => import('./Inbox.vue'),
    meta: { title: () => t('inbox.title'), rail: { group: 'inbox', order: 10 } },
  },
  {
    path: '/hazards',
    component: () => import('./HazardList.vue'),
    meta: { title: () => t('list.title'), rail: { group: 'hazards', order: 10 }, perms: ['hazard.read', 'hazard.report'] },
  },
  {
    path: '/hazards/new',
    component: () => import('./NewHazard.vue'),
    meta: { title: () => t('add.title'), perms: ['hazard.report'] },
  },
  {
    path: '/hazards/:id',
    component: () => import('./HazardPage.vue'),
    meta: { title: () => t('list.title') },
  },
]

export default routes
