/** Line drawings on a grid of 24, in the colour of the text. They never stand alone: a word or a label is always beside them. */

import { html } from '../../vendor/preact.js';

/** What both faces draw; the staff's pages add theirs (staff/drawings.js). @type {Record<string, string>} */
export const PATHS = {
  person: 'M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M5 20c.5-3.6 3.3-5.5 7-5.5s6.5 1.9 7 5.5',
  waiting: 'M7 4h10M7 20h10M8 4v3.5c0 2 4 3 4 4.5s-4 2.5-4 4.5V20M16 4v3.5c0 2-4 3-4 4.5s4 2.5 4 4.5V20',
  calendar: 'M5 6.5h14V20H5zM5 10.5h14M9 4v4M15 4v4',
  copy: 'M9 8.5h10V20H9zM15 8.5V4H5v11.5h4',
  check: 'm5 12.5 4.5 4.5L19 7.5',
  send: 'M4 6h16v12H4zM4.5 6.5 12 13l7.5-6.5',
  close: 'M6 6l12 12M18 6 6 18',
  camera: 'M4 7h11v10H4zM15 11l5-3v8l-5-3',
  'camera-off': 'M4 7h7M15 10v7H4V7M15 11l5-3v8l-4-2.4M4 4l16 16',
  microphone: 'M12 4.5a2.5 2.5 0 0 0-2.5 2.5v4.5a2.5 2.5 0 0 0 5 0V7A2.5 2.5 0 0 0 12 4.5M6.5 11.5c0 3.2 2.3 5.5 5.5 5.5s5.5-2.3 5.5-5.5M12 17v3.5',
  'microphone-off': 'M9.5 9.5v2a2.5 2.5 0 0 0 4 2M14.5 10V7a2.5 2.5 0 0 0-4.7-1.2M6.5 11.5c0 3.2 2.3 5.5 5.5 5.5 1.2 0 2.3-.3 3.2-.9M17.3 13c.1-.5.2-1 .2-1.5M12 17v3.5M4 4l16 16',
  speaker: 'M5 9.5h3l4-3.5v12l-4-3.5H5zM15 9.5c1.3 1.4 1.3 3.6 0 5M17.5 7c2.7 2.8 2.7 7.2 0 10',
  share: 'M3 5h18v12H3zM9 21h6M12 14V8M9 10.5 12 7.5l3 3',
  'share-off': 'M3 5h18v12H3zM9 21h6M9.5 8.5l5 5M14.5 8.5l-5 5',
  hand: 'M8 12.5V6.5a1.25 1.25 0 0 1 2.5 0V11M10.5 11V5a1.25 1.25 0 0 1 2.5 0v6M13 11V6a1.25 1.25 0 0 1 2.5 0v6M15.5 12V9a1.25 1.25 0 0 1 2.5 0v5.5c0 3.5-2 6-5.5 6-3 0-4.5-1.5-6-4.5l-1.8-3.2c-.8-1.5 1.200-2.600 2.200-1.200L8 13.5',
  devices: 'M5 7h9M18 7h1M5 12h2M11 12h8M5 17h7M16 17h3M14 5v4M7 10v4M12 15v4',
  chat: 'M4 5.5h16v11h-9l-4.5 3.5v-3.5H4zM8 9.5h8M8 12.5h5',
  'hang-up': 'M4 14.5c0-1.3.6-2.4 1.7-3 3.8-2.2 8.8-2.2 12.6 0 1.1.6 1.7 1.7 1.7 3v1.3c0 .6-.5 1-1.1.9l-3-.5c-.5-.1-.8-.5-.8-1v-2c-2-.6-4.2-.6-6.2 0v2c0 .5-.3.9-.8 1l-3 .5c-.6.1-1.1-.3-1.1-.9z',
  help: 'M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17M9.7 9.5c.2-1.3 1.1-2 2.4-2 1.4 0 2.4.9 2.4 2.1 0 1.8-2.4 2-2.4 3.9M12 16.5h.01',
  warning: 'M12 4.5 21 19.5H3zM12 10v4.5M12 17h.01',
  phone: 'M7.5 3.5h9v17h-9zM11 17.5h2',
  renew: 'M19 12a7 7 0 0 1-12.5 4.3M5 12a7 7 0 0 1 12.5-4.3M18 4v4h-4M6 20v-4h4',
};

/** @param {{ name: string }} props */
export const Icon = ({ name }) => html`
  <svg class="icon" data-name=${name} viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>
`;
