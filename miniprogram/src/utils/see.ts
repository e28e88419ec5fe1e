/** Brings something of the page into sight: what came in by itself may lie below the edge of a small screen. */

/** Between it and the edge. */
const AIR = 12
type Rect = { top: number; bottom: number }

/** `first`: it begins at the top of the screen, so that a keyboard leaves it in sight too; else it moves no further than needed above `bar`. */
export function see(what: string, { bar = '', first = false } = {}): void {
  const query = wx.createSelectorQuery()
  query.select(what).boundingClientRect()
  query.select(bar || what).boundingClientRect()
  query.selectViewport().scrollOffset()
  query.exec(([at, edge, page]: [Rect | null, Rect | null, { scrollTop: number }]) => {
    if (!at) return
    const bottom = bar !== '' && edge ? edge.top : wx.getWindowInfo().windowHeight
    if (!first && at.bottom <= bottom && at.top >= 0) return
    // What is higher than the screen begins at its top.
    const further = first ? at.top - AIR : at.top < 0 ? at.top - AIR : Math.min(at.bottom - bottom, at.top) + AIR
    void wx.pageScrollTo({ scrollTop: Math.max(0, page.scrollTop + further), duration: 200 })
  })
}
