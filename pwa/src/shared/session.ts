/** What the page and the service worker agree on where people sign in. */

/** On every request that changes something: shows that a page of this server sends it. */
export const CSRF_HEADER = "Plotkiln-CSRF";
