// How every page looks and is read, and what is done at desks: on a street and in a browser of its own.
import './browser/every-page.mjs'
import './browser/cadre.mjs'
import './browser/phones.mjs'
