// SPDX-License-Identifier: Apache-2.0

import { createApp } from 'vue'
import { restoreLocale } from '@/shared/i18n'
import App from './App.vue'

import { followTheme } from './theme'
import { router } from './router'
import { restoreSize } from '@/shared/ui/display'
import '@/shared/ui/tokens.css'
import '@/kit/kit.css'

restoreSize()
followTheme()
await restoreLocale()
createApp(App).use(router).mount('#app')
