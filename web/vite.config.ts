// SPDX-License-Identifier: Apache-2.0

import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { tipShell } from './build/tip-shell.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** The server that answers /api while `npm run dev` serves the pages. */
const backend = process.env.ANLAN_BACKEND ?? 'http://127.0.0.1:8080'

/** In development, sends every page below /console to console.html, as the Go server does. */
function consolePages(): Plugin {
  return {
    name: 'anlan-console-pages',
    configureServer(server) {
      server.middlewares.use((request, _response, next) => {
        if (/^\/console(?:[/?]|$)/.test(request.url ?? '')) request.url = '/console.html'
        next()
      })
    },
  }
}

export default defineConfig({
  plugins: [vue(), consolePages(), tipShell()],
  resolve: { alias: { '@': here('./src') } },
  server: { proxy: { '/api': { target: backend, ws: true }, '/log/': { target: backend } } },
  build: {
    // Old Android phones inside WeChat; Safari 14 is the first iOS with a sound IndexedDB.
    target: ['es2020', 'chrome87', 'safari14'],
    manifest: true,
    assetsInlineLimit: 0,
    rolldownOptions: { input: { public: here('./index.html'), console: here('./console.html') } },
  },
})
