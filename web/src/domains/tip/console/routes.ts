// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/tips/keys',
    component: () => import('./keys/TipKeys.vue'),
    meta: { title: () => t('keysTitle'), rail: { group: 'tips', order: 40 }, perms: ['tip.keys'] },
  },
]

export default routes
