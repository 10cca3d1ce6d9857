/** The guest's way, one thing on each screen: hello, about you, camera and microphone, waiting, call, after. */

import { html, useEffect, useMemo, useState } from '../../vendor/preact.js';
import { OwnMedia } from '../call/own-media.js';
import { Refusal, explain } from '../core/api.js';
import { LiveContext } from '../core/hooks.js';
import { Live, liveAddress } from '../core/live.js';
import { _, followLanguage } from '../core/texts.js';
import { Toasts } from '../parts/toasts.js';
import { AboutScreen } from './about.js';
import { AfterScreen } from './after.js';
import { DeviceScreen } from './devices.js';
import { HelloScreen } from './hello.js';
import { Inside } from './inside.js';
import { arrive, noteOpened, readCaller, readHello, rememberName, rememberedName } from './place.js';
import { refusedFields } from './questions.js';
import { BrokenLink, LoadingScreen, TryAgain, Unsupported } from './screens.js';

/** @typedef {'loading' | 'hello' | 'about' | 'devices' | 'inside' | 'after' | 'dead' | 'failed' | 'unsupported'} Screen */

const canCall = () => 'RTCPeerConnection' in window && Boolean(navigator.mediaDevices) && 'WebSocket' in window;

/** What somebody answered when they came before. @param {Caller} caller @returns {Record<string, string>} */
const answersOf = (caller) => Object.fromEntries((caller.answers ?? []).map((answer) => [answer.key, answer.value]));

/** @param {{ link: string }} props */
export function GuestApp({ link }) {
  const media = useMemo(() => new OwnMedia(), []);
  const [screen, setScreen] = useState(/** @type {Screen} */ ('loading'));
  const [hello, setHello] = useState(/** @type {Hello | null} */ (null));
  const [caller, setCaller] = useState(/** @type {Caller | null} */ (null));
  const [about, setAbout] = useState({ name: rememberedName(), answers: /** @type {Record<string, string>} */ ({}), agreed: false });
  const [refused, setRefused] = useState(/** @type {Record<string, string>} */ ({}));
  const [problem, setProblem] = useState('');
  const [live, setLive] = useState(/** @type {Live | null} */ (null));

  const begin = async () => {
    setScreen('loading');
    try {
      const [found, before] = await Promise.all([readHello(link), readCaller(link)]);
      // A personal link knows its recipient's language; by a room link anybody may come.
      if (found.sender_name) await followLanguage(found.language);
      if (found.role !== 'client') (await import('./roles.js')).tell(found);
      if (found.closed_by) (await import('./closed.js')).tell(found);
      setHello(found);
      if (before) setAbout({ name: before.display_name, answers: answersOf(before), agreed: false });
      else if (found.invited_name && !about.name) setAbout({ ...about, name: found.invited_name });
      if (!canCall()) setScreen('unsupported');
      else if (before && before.state !== 'left') enter(before);
      else setScreen('hello');
    } catch (error) {
      failed(error);
    }
  };
  const failed = (/** @type {unknown} */ error) => {
    setProblem(explain(error));
    setScreen(error instanceof Refusal && [404, 410].includes(error.status) ? 'dead' : 'failed');
  };
  const enter = (/** @type {Caller} */ place) => {
    setCaller(place);
    setLive((before) => before ?? new Live(`${liveAddress()}?link=${encodeURIComponent(link)}`, stillThere));
    void media.open();
    setScreen('inside');
  };
  // The place may have been given away, or this browser may have forgotten it: then the way begins again.
  const stillThere = () => readCaller(link).then((found) => { if (!found) location.reload(); }, () => {});
  const come = async () => {
    setProblem('');
    try {
      enter(await arrive(link, about, hello?.consent_version ?? null, media.result()));
    } catch (error) {
      if (error instanceof Refusal && [404, 410].includes(error.status)) failed(error);
      else if (error instanceof Refusal && error.status === 422) await askAgain(error.problem);
      else setProblem(explain(error));
    }
  };
  // The clinic may have changed what it asks since this page read it.
  const askAgain = async (/** @type {Partial<Problem> & { status: number }} */ refusal) => {
    const found = refusedFields(refusal);
    if (!Object.keys(found).length) return setProblem(explain(new Refusal(refusal)));
    try {
      setHello(await readHello(link));
      if (found.consent) setAbout((before) => ({ ...before, agreed: false }));
      setRefused(found);
      setScreen('about');
    } catch (error) {
      failed(error);
    }
  };
  const over = (/** @type {Caller} */ place) => {
    media.close();
    setLive((before) => { before?.close(); return null; });
    setCaller(place);
    setScreen('after');
  };
  useEffect(() => void begin(), []);
  useEffect(() => {
    document.title = `${hello?.room_name ?? _('Your video call')} · Housecall`;
    document.querySelector('h1')?.focus();
    scrollTo(0, 0);
  }, [screen, hello]);

  const shown = () => {
    if (screen === 'dead') return html`<${BrokenLink} />`;
    if (screen === 'failed') return html`<${TryAgain} text=${problem} onRetry=${begin} />`;
    if (!hello) return html`<${LoadingScreen} />`;
    if (screen === 'unsupported') return html`<${Unsupported} hello=${hello} />`;
    if (screen === 'hello') return html`<${HelloScreen} hello=${hello} onNext=${() => { void noteOpened(link); setScreen('about'); }} />`;
    if (screen === 'about') {
      return html`<${AboutScreen} hello=${hello} about=${about} refused=${refused} onBack=${() => setScreen('hello')}
        onNext=${(/** @type {typeof about} */ said, /** @type {boolean} */ wished) => { setAbout(said); setRefused({}); rememberName(said.name, wished); void media.open(); setScreen('devices'); }} />`;
    }
    if (screen === 'devices') return html`<${DeviceScreen} hello=${hello} media=${media} problem=${problem} onBack=${() => setScreen('about')} onNext=${come} />`;
    if (screen === 'inside' && live && caller) {
      return html`<${LiveContext.Provider} value=${live}><${Inside} link=${link} hello=${hello} first=${caller} media=${media} onOver=${over} onComeBack=${come} /><//>`;
    }
    if (screen === 'after' && caller) return html`<${AfterScreen} hello=${hello} caller=${caller} onComeBack=${() => setScreen('devices')} media=${media} />`;
    return html`<${LoadingScreen} />`;
  };
  return html`${shown()}<${Toasts} />`;
}
