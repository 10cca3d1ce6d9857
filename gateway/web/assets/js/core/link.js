/** The token behind the # of a mail's link. */

/** Reads it, and takes it out of the address bar and the history. */
export function takeToken() {
  const token = location.hash.slice(1);
  history.replaceState(null, '', location.pathname + location.search);
  // another link of the same page, opened in this tab, would change nothing but the #
  addEventListener('hashchange', () => location.reload(), { once: true });
  return token;
}
