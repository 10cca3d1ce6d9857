/** Who is signed in, with their organisation and its plan as they are now: what /api/me said, and what was pushed since. */

import { useEffect, useMemo, useRef, useState } from '../../vendor/preact.js';
import { get } from '../core/api.js';
import { useConnection, useTopic } from '../core/hooks.js';

/** @param {Me} first @returns {Me} */
export function useMe(first) {
  const [known, setKnown] = useState(first);
  const connection = useConnection();
  const lost = useRef(false);
  // a connection that ended may have ended because something about the member is different
  useEffect(() => {
    if (connection === 'lost') lost.current = true;
    else if (connection === 'open' && lost.current) {
      lost.current = false;
      get('/api/me').then((me) => setKnown((before) => ({ ...before, ...me, entitlements: me.entitlements ?? before.entitlements })), () => {});
    }
  }, [connection]);
  const organisation = useTopic('organisation').all('organisation')[0];
  return useMemo(() => ({ ...known, ...organisation }), [known, organisation]);
}
