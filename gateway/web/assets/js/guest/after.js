/** After: that it is over, whom to reach, and the way back in; nothing else. */

import { html } from '../../vendor/preact.js';
import { _ } from '../core/texts.js';
import { Sheet } from './screens.js';

/** @param {Caller} caller @returns {{ title: string, text: string }} */
function words(caller) {
  if (caller.end_reason === 'refused') return { title: _('This is not possible now'), text: caller.end_message || _('The clinic cannot receive you at the moment. Please contact them.') };
  if (caller.end_reason === 'removed') return { title: _('You are no longer in the call'), text: _('The clinic has ended your part of the call.') };
  if (caller.end_reason === 'left_without_being_seen') return { title: _('You have left the waiting room'), text: _('You can come in again by the same link.') };
  if (caller.end_reason === 'technical_failure') return { title: _('The call broke off'), text: _('Come in again: the clinic sees you in the waiting room.') };
  return { title: _('The call has ended'), text: _('Thank you. You can close this page now.') };
}

/** @param {{ hello: Hello, caller: Caller, media: import('../call/own-media.js').OwnMedia, onComeBack: () => void }} props */
export function AfterScreen({ hello, caller, media, onComeBack }) {
  const { title, text } = words(caller);
  return html`
    <${Sheet} hello=${hello} title=${title}>
      <p class="lead" dir="auto">${text}</p>
      ${hello.return_url && html`<p class="sheet-actions"><a class="button primary wide" href=${hello.return_url} rel="noreferrer" dir="auto">${hello.return_label || _('Continue')}</a></p>`}
      <p class="sheet-actions"><button type="button" class="button wide" onClick=${() => { void media.open(); onComeBack(); }}>${_('Come in again')}</button></p>
    <//>
  `;
}
