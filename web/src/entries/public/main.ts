// SPDX-License-Identifier: Apache-2.0

import { createApp } from 'vue'
import { restoreLocale } from '@/shared/i18n'
import { restoreSize } from '@/shared/ui/display'
import App from './App.vue'
import { router } from './router'
import { followTheme } from './theme'
import '@/shared/ui/tokens.css'
import '@/kit/kit.css'

restoreSize()
followTheme()
void restoreLocale().then(() => createApp(App).use(router).mount('#app'))
