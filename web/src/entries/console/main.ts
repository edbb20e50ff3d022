// SPDX-License-Identifier: Apache-2.0

import { createApp } from 'vue'
import { followIdentity } from '@/shared/console/live'
import { sayMissing } from '@/shared/console/missing'
import { restoreLocale } from '@/shared/i18n'
import { restoreSize } from '@/shared/ui/display'
import App from './App.vue'
import { router } from './router'
import '@/shared/console/ep'
import '@/shared/ui/tokens.css'
import './console.css'

restoreSize()
followIdentity()
sayMissing()
void restoreLocale().then(() => createApp(App).use(router).mount('#app'))
