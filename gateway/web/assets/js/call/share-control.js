/** Sharing the screen: a button in the bar, where the browser can do it. */

import { html, useEffect } from '../../vendor/preact.js';
import { useRedraw } from '../core/hooks.js';
import { _ } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { toast } from '../parts/toasts.js';
import { OwnScreen } from './own-screen.js';

/** @param {{ screen: OwnScreen }} props */
export function ShareControl({ screen }) {
  const redraw = useRedraw();
  useEffect(() => {
    const stop = screen.watch(() => redraw(undefined));
    return () => void stop();
  }, [screen]);
  useEffect(() => {
    if (screen.failed) toast(_('The others could not be shown your screen. Try again.'), { kind: 'problem' });
  }, [screen.failed]);
  if (!OwnScreen.isPossible()) return null;
  const toggle = async () => {
    if (screen.on) return screen.stop();
    try {
      await screen.start();
    } catch {
      toast(_('The screen cannot be shared. Allow the browser to record the screen in the settings of this computer, then try again.'), { kind: 'problem' });
    }
  };
  return html`<button type="button" class=${screen.on ? 'control sharing' : 'control'} aria-pressed=${screen.on} onClick=${toggle}>
    <${Icon} name=${screen.on ? 'share-off' : 'share'} /><span>${screen.on ? _('Stop sharing') : _('Share screen')}</span></button>`;
}
