// How every page looks and is read, what is done at desks and what is said instead of written: on a street and in a browser of its own.
import './browser/every-page.mjs'
import './browser/cadre.mjs'
import './browser/phones.mjs'
import './browser/voice.mjs'
