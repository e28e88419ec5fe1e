// What happens on the phones, one test after the other on one street: starting one takes longer than most tests.
// `pages.test.mjs` runs beside it, on a street of its own, and takes about as long.
import './browser/resident.mjs'
import './browser/mine.mjs'
import './browser/story.mjs'
import './browser/first-day.mjs'
import './browser/second-thoughts.mjs'
import './browser/live.mjs'
import './browser/worker.mjs'
import './browser/robust.mjs'
