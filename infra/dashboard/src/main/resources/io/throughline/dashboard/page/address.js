// What somebody looks at lives in the address, so that a link shows the same and Back goes back.

import { WINDOWS } from './metrics.js';

/** Pages by name: where they are, what they are called, and who may see them. */
export const PAGES = {
  overview: { path: '/', title: 'Overview', role: 'viewer' },
  channels: { path: '/channels', title: 'Channels', role: 'viewer' },
  journeys: { path: '/journeys', title: 'Journeys', role: 'viewer' },
  alerts: { path: '/alerts', title: 'Alerts', role: 'viewer' },
  customers: { path: '/customers', title: 'Customers', role: 'agent' },
  search: { path: '/search', title: 'Search', role: 'viewer' },
  rules: { path: '/rules', title: 'Rules', role: 'viewer' },
  pipeline: { path: '/pipeline', title: 'Pipeline', role: 'viewer' },
  audit: { path: '/audit', title: 'Audit', role: 'admin' },
};

/** On every page, and kept when going from one to another. */
const EVERYWHERE = { window: '24h', until: '', channel: '', segment: '' };

/** Of one customer everything is meant, whatever channel or segment is looked at. */
export const OF_ALL = { channel: '', segment: '' };

const OF_PAGE = {
  overview: { alerts: 'waiting', alert: '', metric: '', history: 'chart', throughput: 'chart', moves: 'csat' },
  channels: {},
  journeys: { by: 'channel', ways: 'chart', funnel: 'chart', topic: '' },
  alerts: { status: 'waiting', severity: '', rule: '', expectation: '', customer: '', assignee: '', order: 'newest', alert: '', page: '', opened: '', marked: '' },
  customers: { customer: '', a: '', b: '', page: '', tier: '', standing: '', first: 'seen', timeline: 'chart', zoom: '' },
  search: {
    find: 'sessions', stage: '', topic: '', status: '', trouble: '', outcome: '', cut: '', customer: '', session: '', also: '',
    words: '', metric: '', score: '', kind: '', scale: '', page: '', turn: '', step: '', way: '', measured: '', flag: '', verdict: '',
  },
  rules: { rule: '', sorted: 'alerts' },
  pipeline: { reason: '', page: '' },
  audit: {},
};

/** Several names after one another: what they are of, and six of up to 256 characters, as the server takes them; or ids. */
const LONG = new Set(['turn', 'step', 'way', 'marked']);
const LONGEST_NAMES = 7 * 257;

const CHOICES = {
  alerts: ['waiting', 'all'],
  order: ['newest', 'severity'],
  first: ['seen', 'experience'],
  sorted: ['alerts', 'configured'],
  throughput: ['chart', 'table'],
  history: ['chart', 'table'],
  moves: ['csat', 'nps'],
  by: ['channel', 'stage', 'touchpoint'],
  ways: ['chart', 'table'],
  funnel: ['chart', 'table'],
  timeline: ['chart', 'table'],
  find: ['sessions', 'issues', 'touchpoints', 'verbatims'],
};

/** The view, and in `notes` what of the address could not be taken as it is. */
export function readAddress() {
  const given = new URLSearchParams(location.search);
  const at = Object.keys(PAGES).find((name) => PAGES[name].path === location.pathname) ?? 'overview';
  const usual = { ...EVERYWHERE, ...OF_PAGE[at] };
  const notes = [];
  const view = { at };
  for (const [key, fallback] of Object.entries(usual)) {
    const value = (given.get(key) ?? fallback).slice(0, LONG.has(key) ? LONGEST_NAMES : 200);
    const wrong =
      (key === 'window' && !Object.hasOwn(WINDOWS, value)) ||
      (key === 'until' && value && !Number.isFinite(Date.parse(value))) ||
      (key === 'page' && value && !/^[1-9]\d{0,2}$/.test(value)) ||
      (key === 'zoom' && value && !zoomOf(value)) ||
      (CHOICES[key] && !CHOICES[key].includes(value));
    if (wrong) notes.push(`The address says ${key}=${value}, which there is not. What is usual is shown instead.`);
    view[key] = wrong ? fallback : value;
  }
  return { ...view, notes };
}

/** The address of a page: what is as usual is left out. */
export function addressOf(at, values = {}) {
  const query = new URLSearchParams();
  for (const [key, fallback] of Object.entries({ ...EVERYWHERE, ...OF_PAGE[at] })) {
    const value = values[key] ?? fallback;
    if (key === 'window' || value !== fallback) query.set(key, value);
  }
  return `${PAGES[at].path}?${query}`;
}

/** From when to when a timeline is looked at, epoch milliseconds; null: all of it, or what is no such thing. */
export function zoomOf(text) {
  const [from, to] = text.split('_').map(Date.parse);
  return Number.isFinite(from) && to > from ? [from, to] : null;
}

export const zoomText = (from, to) => [from, to].map((instant) => new Date(instant).toISOString()).join('_');

/** What is kept when going to another page. */
export const kept = (view) => Object.fromEntries(Object.keys(EVERYWHERE).map((key) => [key, view[key]]));

/** @param step whether Back is to come here again */
export function writeAddress(view, { step = true } = {}) {
  const address = addressOf(view.at, view);
  if (address === location.pathname + location.search) return;
  if (step) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

/** The query of a request for data: keys with a value only. */
export function query(values) {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(values)) {
    if (value !== '' && value !== undefined && value !== null) given.set(key, value);
  }
  return given.toString();
}
