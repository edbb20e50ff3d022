// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/rules',
    component: () => import('./Rules.vue'),
    meta: { title: () => t('rules.title'), rail: { group: 'system', order: 10 }, perms: ['rules.read'] },
  },
  {
    path: '/calendar',
    component: () => import('./Calendar.vue'),
    meta: { title: () => t('calendar.title'), rail: { group: 'system', order: 20 }, perms: ['rules.read'] },
  },
  {
    path: '/standards',
    component: () => import('./Standards.vue'),
    meta: { title: () => t('standards.title'), rail: { group: 'system', order: 30 }, perms: ['rules.read'] },
  },
  {
    path: '/standards/:id',
    component: () => import('./StandardPage.vue'),
    meta: { title: () => t('standards.title'), perms: ['rules.read'] },
  },
]

export default routes
