// SPDX-License-Identifier: Apache-2.0

import { defineConfig } from '@playwright/test'

const shots = Boolean(process.env.ANLAN_SHOTS)
const phone = { width: 390, height: 844 }
/** Pictures are taken in a smaller window, so that they can be read in a guide. */
const desktop = shots ? { width: 1280, height: 680 } : { width: 1440, height: 900 }

/** With ANLAN_SHOTS=1 the pictures of docs/guide are taken instead of the journeys made. */
const tests = (name: string): string => (shots ? `shots/${name}.shots.ts` : '*.spec.ts')

/** Journeys against a running server with fresh demo data: ANLAN_URL says where it is. */
export default defineConfig({
  testDir: 'e2e',
  workers: 1, // the journeys share one server, and a small machine
  forbidOnly: true,
  reporter: 'list',
  timeout: 180_000, // ample, for a machine that is busy with other things
  expect: { timeout: 30_000 },
  use: {
    baseURL: process.env.ANLAN_URL ?? 'http://127.0.0.1:8080',
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    actionTimeout: 30_000,
    contextOptions: { reducedMotion: 'reduce' }, // what fades or slides is judged where it ends
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'phone', testMatch: tests('phone'), use: { viewport: phone, isMobile: true, hasTouch: true } },
    { name: 'desktop', testMatch: tests('desktop'), use: { viewport: desktop } },
  ],
})
