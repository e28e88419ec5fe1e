// Attributes of WeChat's built-in tags that this mini-program uses; one that is missing here is an error
// in check-wxml.mjs, so a misspelt attribute never ships.
type A<K extends string> = { [k in K | 'hidden' | 'ariaRole' | 'ariaLabel' | 'ariaHidden' | 'ariaLive' | 'ariaChecked' | 'ariaSelected' | 'ariaExpanded' | 'ariaDisabled' | 'ariaModal' | 'hoverClass']: any }
type Text = 'value' | 'name' | 'placeholder' | 'placeholderClass' | 'maxlength' | 'disabled' | 'focus' | 'cursorSpacing' | 'adjustPosition'
export interface BuiltinTags {
  view: A<'animation'>
  'page-meta': A<'pageStyle' | 'rootFontSize' | 'pageFontSize'>
  text: A<'selectable' | 'userSelect' | 'decode' | 'space'>
  image: A<'src' | 'mode' | 'lazyLoad' | 'showMenuByLongpress'>
  button: A<'type' | 'size' | 'disabled' | 'loading' | 'formType' | 'openType' | 'plain'>
  input: A<Text | 'type' | 'confirmType' | 'password'>
  textarea: A<Text | 'autoHeight' | 'disableDefaultPadding' | 'fixed'>
  picker: A<'mode' | 'range' | 'rangeKey' | 'value' | 'disabled' | 'start' | 'end' | 'fields'>
  'scroll-view': A<'scrollX' | 'scrollY' | 'scrollTop' | 'scrollIntoView' | 'lowerThreshold'>
  map: A<'longitude' | 'latitude' | 'scale' | 'markers' | 'polygons' | 'showLocation' | 'includePoints' | 'enableScroll'>
}
