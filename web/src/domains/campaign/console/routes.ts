// SPDX-License-Identifier: Apache-2.0

import type { RouteRecordRaw } from 'vue-router'
import { t } from './words'

const routes: RouteRecordRaw[] = [
  {
    path: '/campaigns',
    component: () => import('./Campaigns.vue'),
    meta: { title: () => t('list.title'), rail: { group: 'campaigns', order: 10 }, perms: ['campaign.read'] },
  },
  { path: '/campaigns/new', component: () => import('./CampaignEdit.vue'), meta: { title: () => t('edit.add'), perms: ['campaign.edit'] } },
  { path: '/campaigns/:id', component: () => import('./CampaignPage.vue'), meta: { title: () => t('page.title'), perms: ['campaign.read'] } },
  {
    path: '/campaigns/:id/edit',
    component: () => import('./CampaignEdit.vue'),
    meta: { title: () => t('edit.change'), perms: ['campaign.edit'] },
  },
]

export default routes
