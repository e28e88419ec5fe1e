// All browser tests run in one process on one street: starting one takes longer than most tests.
import './browser/resident.mjs'
import './browser/voice.mjs'
import './browser/mine.mjs'
import './browser/story.mjs'
import './browser/worker.mjs'
import './browser/cadre.mjs'
import './browser/every-page.mjs'
import './browser/phones.mjs'
