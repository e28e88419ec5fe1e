/**
 * What differs from street to street and has to be known before the server answers; everything else
 * (telephones, policy, templates) is the server's and is asked there.
 */

/** The server. WeChat wants it in the console's list of request, upload, download and socket domains. */
export const API_BASE = 'https://zhinan.example.gov.cn'

/** The same server for the live connection. */
export const LIVE_BASE = API_BASE.replace(/^http/, 'ws')
