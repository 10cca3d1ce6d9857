/** The mail before it goes: its words as the server would send them now. Asked for only while the preview is open. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, post } from '../core/api.js';
import { _ } from '../core/texts.js';
import { Failed, Loading } from '../parts/states.js';

const TYPING_MS = 400;

/** @typedef {{ language: string, sender: string, reply_to: string | null, subject: string, organisation: string, heading: string, opening: string, message: string, day: string, hours: string, zone: string, button: string, help: string, neutral: boolean, dates?: string[], text?: string | null }} Words */

/** @param {{ roomId: string, title: string, message: string, planned: { local_start: string, zone: string, minutes: number } | null, recurrence?: Record<string, unknown> | null, channels: { texted: boolean, mailed: boolean } }} props */
export function MailPreview({ roomId, title, message, planned, recurrence = null, channels: { texted, mailed } }) {
  const [open, setOpen] = useState(false);
  const [words, setWords] = useState(/** @type {Words | null} */ (null));
  const [problem, setProblem] = useState('');
  const asked = JSON.stringify({ room_id: roomId, title, message, planned, ...(recurrence ? { recurrence } : {}) });
  useEffect(() => {
    if (!open) return undefined;
    let wanted = true;
    const ask = async () => {
      try {
        const answer = await post('/api/invitations/preview', JSON.parse(asked));
        if (wanted) { setWords(answer); setProblem(''); }
      } catch (error) {
        if (wanted) setProblem(explain(error));
      }
    };
    const timer = setTimeout(ask, words ? TYPING_MS : 0);
    return () => { wanted = false; clearTimeout(timer); };
  }, [open, asked]);
  return html`
    <details class="preview" open=${open} onToggle=${(/** @type {any} */ event) => setOpen(event.target.open)}>
      <summary>${!texted ? _('Preview of the e-mail') : mailed ? _('Preview of the e-mail and the text') : _('Preview of the text')}</summary>
      ${open && problem && html`<${Failed} text=${problem} />`}
      ${open && !words && !problem && html`<${Loading} lines=${3} />`}
      ${open && words && (mailed || !texted) && html`<${Mail} words=${words} />`}
      ${open && words?.text && texted && html`<${Text} text=${words.text} language=${words.language} />`}
    </details>
  `;
}

/** What those get whose address is a telephone number. @param {{ text: string, language: string }} props */
const Text = ({ text, language }) => html`
  <div class="preview-mail" lang=${language}>
    <p class="quiet">${_('As a text message')}</p>
    <p>${text.split('\n').map((line) => html`<span class="preview-line" dir="auto">${line}</span>`)}</p>
  </div>
`;

/** @param {{ words: Words }} props */
function Mail({ words }) {
  return html`
    <dl class="preview-head">
      <div><dt>${_('Subject')}</dt><dd dir="auto">${words.subject}</dd></div>
      <div><dt>${_('Replies go to')}</dt><dd dir="auto">${words.reply_to ?? _('nobody')}</dd></div>
    </dl>
    ${words.neutral && html`<p class="notice">${_('Mails are worded neutrally here: without title, message and names. Whoever opens the link sees title and message there.')}</p>`}
    <div class="preview-mail" lang=${words.language}>
      <p class="quiet" dir="auto">${words.organisation}</p>
      <p class="preview-title" dir="auto">${words.heading}</p>
      <p>${words.opening}</p>
      ${words.message.split('\n').filter(Boolean).map((line) => html`<p dir="auto">${line}</p>`)}
      ${words.day && html`<p><strong>${words.day}</strong><br /><strong>${words.hours}</strong><br />${words.zone}${(words.dates ?? []).map((date) => html`<br />${date}`)}</p>`}
      <p><span class="button primary like-button">${words.button}</span></p>
      <p class="quiet">${words.help}</p>
    </div>
  `;
}
