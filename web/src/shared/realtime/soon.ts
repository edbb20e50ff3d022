// SPDX-License-Identifier: Apache-2.0

/** Longest pause between news and asking for what it is about, in milliseconds. */
export const spread = 2_000

export interface Soon {
  /** Asks for the work to be done soon, once however often it is asked for meanwhile. */
  ask: () => void
  /** Nothing is to be done any more. */
  cancel: () => void
}

/**
 * Work that answers to news. It is done after a pause that is up to chance, so that a
 * thousand open pages do not ask all at once, and not before somebody sees the page.
 */
export function soon(work: () => unknown, pause = spread): Soon {
  let timer: ReturnType<typeof setTimeout> | undefined

  function ask(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      if (document.hidden) document.addEventListener('visibilitychange', seen)
      else work()
    }, Math.random() * pause)
  }

  function seen(): void {
    document.removeEventListener('visibilitychange', seen)
    ask()
  }

  function cancel(): void {
    clearTimeout(timer)
    timer = undefined
    document.removeEventListener('visibilitychange', seen)
  }

  return { ask, cancel }
}
