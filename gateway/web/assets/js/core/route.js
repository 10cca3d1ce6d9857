/** Which page of the staff's application is shown, by the address. Links inside it change the page without loading it anew. */

import { useEffect, useState } from '../../vendor/preact.js';

/** @param {string} path */
export function go(path) {
  if (path === location.pathname) return;
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
  scrollTo(0, 0);
  document.getElementById('page')?.focus({ preventScroll: true });
}

export function usePath() {
  const [path, setPath] = useState(location.pathname);
  useEffect(() => {
    const follow = () => setPath(location.pathname);
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  return path;
}

/** For links inside the application. A new tab, a download and the like are left to the browser. @param {MouseEvent} event */
export function followLink(event) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = /** @type {HTMLAnchorElement} */ (event.currentTarget);
  event.preventDefault();
  go(new URL(link.href).pathname);
}
