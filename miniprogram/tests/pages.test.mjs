// How every page looks and is read: most of the browser's work, so it has a street and a browser of its own.
import './browser/every-page.mjs'
