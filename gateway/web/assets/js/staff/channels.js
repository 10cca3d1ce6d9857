/** How people can be written to: always by e-mail, and by text message where the installation has a provider. Asked once for a page. */

import { useEffect, useState } from '../../vendor/preact.js';
import { get } from '../core/api.js';

/** @typedef {{ texts: boolean, phone_region: string | null, phone_regions: string[] }} Channels */

/** @type {Promise<Channels> | null} */
let asked = null;
const MAIL_ONLY = { texts: false, phone_region: null, phone_regions: [] };

/** Ask again: the region was changed. */
export const forgetChannels = () => { asked = null; };

/** E-mail alone until the answer is there, and where there is none. @returns {Channels} */
export function useChannels() {
  const [channels, setChannels] = useState(/** @type {Channels} */ (MAIL_ONLY));
  useEffect(() => {
    asked ??= get('/api/invitations/channels');
    asked.then(setChannels, forgetChannels);
  }, []);
  return channels;
}

/** Telephone numbers have no at sign, and e-mail addresses have one. @param {string | null | undefined} address */
export const isNumber = (address) => Boolean(address) && !String(address).includes('@');
