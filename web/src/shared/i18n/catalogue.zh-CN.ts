// SPDX-License-Identifier: Apache-2.0

import type { Catalogue } from './errors'

const files = import.meta.glob<Catalogue>(['./errors.zh-CN.json', '/src/domains/*/locales/errors.zh-CN.json'], {
  eager: true,
  import: 'default',
})

const catalogue: Catalogue = Object.assign({}, ...Object.values(files))
export default catalogue
