/** The calendar by day and by week: which days it shows, what is read of them, and how one goes on to others. */

import { html, useEffect, useState } from '../../vendor/preact.js';
import { explain, get } from '../core/api.js';
import { _, currentLanguage, dayName, ngettext, shortDate } from '../core/texts.js';
import { Icon } from '../parts/icons.js';
import { Empty, Failed, Loading } from '../parts/states.js';
import { addDays, isDay, newestOf, startOf, weekOf } from './calendar-days.js';
import { CalendarGrid, useWide } from './calendar-week.js';
import { useApp } from './context.js';
import { SessionsByDay } from './session-row.js';
import { dayKey } from './sessions.js';

/** @typedef {'list' | 'day' | 'week'} View */
/** @typedef {{ view: View, day: string }} Address which part of the calendar, as in `?view=week&day=2026-11-30` */
/** @typedef {{ sessions: Session[], ready: boolean, problem: Problem | null }} Heard */
/** @typedef {{ heard: Heard, address: Address, setAddress: (address: Address) => void, choose: import('./session-row.js').Choose }} CalendarProps */

/** @returns {[Address, (address: Address) => void]} what the page's address says, and how it is changed; Back goes back */
export function useCalendarAddress() {
  const [address, setAddress] = useState(readAddress);
  useEffect(() => {
    const follow = () => setAddress(readAddress());
    addEventListener('popstate', follow);
    return () => removeEventListener('popstate', follow);
  }, []);
  const set = (/** @type {Address} */ next) => {
    history.pushState(null, '', next.view === 'list' ? location.pathname : `?${new URLSearchParams({ view: next.view, day: next.day })}`);
    setAddress(next);
  };
  return [address, set];
}

/** @returns {Address} */
function readAddress() {
  const asked = new URLSearchParams(location.search);
  const view = asked.get('view');
  const day = asked.get('day');
  return { view: view === 'day' || view === 'week' ? view : 'list', day: day && isDay(day) ? day : dayKey(new Date()) };
}

/** On which day the reader's weeks begin: 1 is Monday. */
function firstDayOfWeek() {
  const wished = navigator.languages.find((one) => one.startsWith(currentLanguage())) ?? currentLanguage();
  const locale = /** @type {any} */ (new Intl.Locale(wished).maximize());
  return (locale.getWeekInfo?.() ?? locale.weekInfo)?.firstDay ?? 1;
}

/** @param {{ address: Address, setAddress: (address: Address) => void }} props */
export function ViewChoice({ address, setAddress }) {
  const views = /** @type {[View, string][]} */ ([['list', _('List')], ['day', _('Day')], ['week', _('Week')]]);
  return html`
    <div class="view-choice" role="group" aria-label=${_('View')}>
      ${views.map(([view, name]) => html`<button type="button" key=${view} class="button small" aria-pressed=${address.view === view} onClick=${() => setAddress({ ...address, view })}>${name}</button>`)}
    </div>
  `;
}

/** @param {CalendarProps} props */
export function Calendar({ heard, address, setAddress, choose }) {
  const { me } = useApp();
  const wide = useWide();
  const [own, setOwn] = useState(false);
  const days = address.view === 'week' ? weekOf(address.day, firstDayOfWeek()) : [address.day];
  const first = days[0] ?? address.day;
  const last = days.at(-1) ?? first;
  const { sessions, ready, problem, again } = useRange(heard, startOf(first), startOf(addDays(last, 1)));
  const shown = sessions.filter((session) => !own || session.host_member_ids.includes(me.member.id));
  const turn = (/** @type {number} */ by) => setAddress({ ...address, day: addDays(address.day, by * days.length) });
  const name = address.view === 'week' ? _('{first} to {last}', { first: shortDate(startOf(first)), last: shortDate(startOf(last)) }) : dayName(startOf(first));
  return html`
    <div class="calendar-bar">
      <button type="button" class="button small" onClick=${() => setAddress({ ...address, day: dayKey(new Date()) })}>${_('Today')}</button>
      <button type="button" class="button small square turn-back" aria-label=${address.view === 'week' ? _('The week before') : _('The day before')} onClick=${() => turn(-1)}><${Icon} name="down" /></button>
      <button type="button" class="button small square turn-on" aria-label=${address.view === 'week' ? _('The week after') : _('The day after')} onClick=${() => turn(1)}><${Icon} name="down" /></button>
      <p class="calendar-name" aria-live="polite"><strong>${name}</strong>${ready && html`<span class="quiet"> · ${ngettext('{n} session', '{n} sessions', shown.length)}</span>`}</p>
      <label class="check compact"><input type="checkbox" checked=${own} onChange=${() => setOwn(!own)} /><span>${_('Only those that I host')}</span></label>
      <${ViewChoice} address=${address} setAddress=${setAddress} />
    </div>
    ${problem ? html`<${Failed} text=${problem} onRetry=${again} />` : !ready && html`<${Loading} lines=${6} />`}
    ${ready && (wide
      ? html`<${CalendarGrid} days=${days} sessions=${shown} choose=${choose} />
        <p class="quiet">${_('Drag a session, or press Shift and an arrow key on it, to propose another time.')}</p>`
      : html`<${SessionsByDay} sessions=${shown} choose=${choose} />`)}
    ${ready && !shown.length && !wide && html`<${Empty} icon="calendar" title=${address.view === 'week' ? _('Nothing is planned in this week') : _('Nothing is planned on this day')} />`}
  `;
}

/** The sessions of a range: read when it is chosen, and as they were heard of since. @param {Heard} heard @param {Date} begin @param {Date} end */
function useRange(heard, begin, end) {
  const key = `${begin.toISOString()}/${end.toISOString()}`;
  const [tried, setTried] = useState(0);
  const [read, setRead] = useState(/** @type {{ key: string, items: Session[], problem: string }} */ ({ key: '', items: [], problem: '' }));
  useEffect(() => {
    let asked = true;
    setRead({ key: '', items: [], problem: '' });
    readRange(begin, end).then(
      (items) => asked && setRead({ key, items, problem: '' }),
      (error) => asked && setRead({ key: '', items: [], problem: explain(error) }),
    );
    return () => { asked = false; };
  }, [key, tried]);
  const ready = read.key === key;
  return { sessions: ready ? newestOf(read.items, heard.sessions, begin, end) : [], ready, problem: read.problem, again: () => setTried(tried + 1) };
}

/** @param {Date} begin @param {Date} end @returns {Promise<Session[]>} */
async function readRange(begin, end) {
  /** @type {Map<string, Session>} */
  const all = new Map();
  const bounds = { starts_from: begin.toISOString(), starts_until: end.toISOString() };
  for (let next = ''; ;) {
    const { items, cursor } = await get(`/api/sessions?${new URLSearchParams({ ...bounds, ...(next && { cursor: next }) })}`);
    for (const session of items) all.set(session.id, session);
    if (!cursor) return [...all.values()];
    next = cursor;
  }
}
