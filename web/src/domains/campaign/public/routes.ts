// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [{ path: '/campaign/:slug', component: () => import('./Campaign.vue'), props: true }]

export default routes
