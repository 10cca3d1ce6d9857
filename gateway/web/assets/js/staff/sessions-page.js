/** Scheduled Sessions: all that is to come as a list, or a day or a week as a calendar. */

import { html, useState } from '../../vendor/preact.js';
import { _, dayName, number, ownZone, shortDay } from '../core/texts.js';
import { Dialog } from '../parts/dialog.js';
import { Icon } from '../parts/icons.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { Calendar, ViewChoice, useCalendarAddress } from './calendar.js';
import { useApp } from './context.js';
import { CancelDialog } from './cancel-dialog.js';
import { FeedDialog } from './feed-dialog.js';
import { MoveDialog } from './move-dialog.js';
import { PeopleDialog } from './people-dialog.js';
import { OutcomeDialog } from './outcome-dialog.js';
import { Row, SessionsByDay, startDay } from './session-row.js';
import { dayKey, useSessions } from './sessions.js';

const DAYS = 7;

export function SessionsPage() {
  const { schedule } = useApp();
  const heard = useSessions();
  const [address, setAddress] = useCalendarAddress();
  const [chosen, setChosen] = useState(/** @type {{ what: string, session: Session, to?: { day: string, time: string } } | null} */ (null));
  // a change is refused when somebody made another since it was chosen; what is only shown follows
  const session = chosen?.session;
  const newest = session && (heard.sessions.find(({ id }) => id === session.id) ?? session);
  const choose = /** @type {import('./session-row.js').Choose} */ ((what, of, to) => setChosen({ what, session: of, to }));
  const close = () => setChosen(null);
  const [feed, setFeed] = useState(false);
  return html`
    <header class="page-head">
      <div><h1>${_('Sessions')}</h1><p class="quiet">${_('Times are shown in your zone, {zone}.', { zone: ownZone().replace(/_/g, ' ') })}</p></div>
      <div class="page-actions"><button type="button" class="button" onClick=${() => setFeed(true)}><${Icon} name="calendar" />${_('In your calendar')}</button>
        <button type="button" class="button primary" onClick=${() => schedule()}><${Icon} name="plus" />${_('Schedule a consultation')}</button></div>
    </header>
    ${address.view === 'list'
      ? html`<${SessionList} heard=${heard} address=${address} setAddress=${setAddress} choose=${choose} />`
      : html`<${Calendar} heard=${heard} address=${address} setAddress=${setAddress} choose=${choose} />`}
    ${newest && chosen?.what === 'show' && html`<${Dialog} name="session" title=${dayName(newest.planned.starts_at)} wide=${true} onClose=${close}>
      <ul class="cards"><${Row} session=${newest} choose=${choose} /></ul><//>`}
    ${session && chosen?.what === 'move' && html`<${MoveDialog} session=${session} to=${chosen.to} onClose=${close} />`}
    ${newest && chosen?.what === 'people' && html`<${PeopleDialog} session=${newest} onClose=${close} />`}
    ${session && chosen?.what === 'correct' && html`<${OutcomeDialog} session=${session} onClose=${close} />`}
    ${feed && html`<${FeedDialog} onClose=${() => setFeed(false)} />`}
    ${session && chosen?.what === 'cancel' && html`<${CancelDialog} session=${session} onClose=${close} />`}
  `;
}

/** @param {import('./calendar.js').CalendarProps} props */
function SessionList({ heard, address, setAddress, choose }) {
  const { sessions, ready, problem } = heard;
  const [day, setDay] = useState('');
  const shown = sessions.filter((session) => !day || startDay(session) === day);
  return html`
    <div class="calendar-bar"><span class="grow"></span><${ViewChoice} address=${address} setAddress=${setAddress} /></div>
    <${DayStrip} sessions=${sessions} day=${day} onChange=${setDay} />
    ${problem ? html`<${Failed} text=${problem.detail} />` : !ready && html`<${Loading} lines=${5} />`}
    ${ready && !problem && !shown.length && html`<${Empty} icon="calendar" title=${day ? _('Nothing is planned on this day') : _('Nothing is planned')}>
      <p>${_('A session reserves a room and its host for a time. Guests can wait in the room before it begins.')}</p><//>`}
    <${SessionsByDay} sessions=${shown} choose=${choose} />
  `;
}

/** @param {{ sessions: Session[], day: string, onChange: (day: string) => void }} props */
function DayStrip({ sessions, day, onChange }) {
  const days = Array.from({ length: DAYS }, (_unused, step) => {
    const date = new Date();
    date.setDate(date.getDate() + step);
    return date;
  });
  const busy = new Set(sessions.filter((session) => session.state !== 'cancelled').map(startDay));
  return html`
    <div class="day-strip" role="group" aria-label=${_('Day')}>
      <button type="button" class="day-button" aria-pressed=${!day} onClick=${() => onChange('')}>${_('All')}</button>
      ${days.map((date) => html`
        <button type="button" key=${dayKey(date)} class="day-button" aria-pressed=${day === dayKey(date)} onClick=${() => onChange(dayKey(date))}>
          <span class="for-screen-reader">${dayName(date)}</span>
          <span aria-hidden="true">${shortDay(date)}</span><strong aria-hidden="true">${number(date.getDate())}</strong>${busy.has(dayKey(date)) && html`<span class="dot accent"></span>`}
        </button>`)}
    </div>
  `;
}
