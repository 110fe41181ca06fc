// What somebody looks at lives in the address, so that a link shows the same and Back goes back.

import { WINDOWS } from './metrics.js';

const DEFAULTS = { window: '24h', channel: '', alerts: 'waiting', alert: '', metric: '', throughput: 'chart' };

export function readAddress() {
  const given = new URLSearchParams(location.search);
  const view = Object.fromEntries(Object.entries(DEFAULTS).map(([key, fallback]) => [key, given.get(key) ?? fallback]));
  if (!Object.hasOwn(WINDOWS, view.window)) view.window = DEFAULTS.window;
  if (view.alerts !== 'all') view.alerts = DEFAULTS.alerts;
  if (view.throughput !== 'table') view.throughput = DEFAULTS.throughput;
  view.channel = view.channel.slice(0, 100);
  return view;
}

/** Puts the view into the address; what is as usual is left out. */
export function writeAddress(view) {
  const query = new URLSearchParams();
  for (const [key, fallback] of Object.entries(DEFAULTS)) {
    if (key === 'window' || view[key] !== fallback) query.set(key, view[key]);
  }
  const address = `${location.pathname}?${query}`;
  if (address !== location.pathname + location.search) history.pushState(null, '', address);
}
