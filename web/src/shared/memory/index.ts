// SPDX-License-Identifier: Apache-2.0

/**
 * Small choices kept on this device (language, text size, last place). Storage may
 * be forbidden or full: then nothing is remembered and the pages work all the same.
 */
const prefix = 'anlan.'

/** What was last remembered under name, or undefined. */
export function remembered(name: string): string | undefined {
  try {
    return localStorage.getItem(prefix + name) ?? undefined
  } catch {
    return undefined
  }
}

/** Keeps value under name; undefined forgets it. */
export function remember(name: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(prefix + name)
    else localStorage.setItem(prefix + name, value)
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}
