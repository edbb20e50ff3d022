// SPDX-License-Identifier: Apache-2.0

import { searchAll, type Puzzle } from './search'

onmessage = ({ data }: MessageEvent<Puzzle>) => searchAll(data, (told) => postMessage(told))
