// Numbers, times and names as people read them.

const LOCALE = 'en';
const whole = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 0 });
const one = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const two = new Intl.NumberFormat(LOCALE, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const figures = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const compact = new Intl.NumberFormat(LOCALE, { notation: 'compact', maximumFractionDigits: 1 });
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const minute = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const thisYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const otherYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export const MISSING = '–';

export const count = (value) => (Number.isFinite(value) ? whole.format(value) : MISSING);

/** 1,234 stays; from 100,000 on 123.4K. */
export const shortCount = (value) => (Math.abs(value) < 100_000 ? count(value) : compact.format(value));

/** Per second: as many digits as say something. */
export function rate(value) {
  if (!Number.isFinite(value)) return MISSING;
  if (value >= 100 || value === 0) return whole.format(value);
  return value >= 10 ? one.format(value) : two.format(value);
}

/** A length of time in its two largest units. */
export function duration(millis) {
  if (!Number.isFinite(millis)) return MISSING;
  const sign = millis < 0 ? '−' : '';
  const ms = Math.abs(millis);
  if (ms === 0) return '0 s';
  if (ms < 1000) return `${sign}${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  // A decimal only where there is one: lengths that were rounded to whole seconds claim no more.
  const tenths = Math.round(ms / 100);
  if (tenths < 100 && tenths % 10) return `${sign}${one.format(tenths / 10)} s`;
  if (seconds < 60) return `${sign}${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${sign}${minutes} min${seconds % 60 ? ` ${seconds % 60} s` : ''}`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${sign}${hours} h${minutes % 60 ? ` ${minutes % 60} min` : ''}`;
  return `${sign}${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ''}`;
}

/** How long ago, in one unit. */
export function age(millis) {
  if (!Number.isFinite(millis)) return MISSING;
  const seconds = Math.max(0, Math.round(millis / 1000));
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

export const ago = (millis) => (age(millis) === 'now' ? 'just now' : `${age(millis)} ago`);

export const time = (millis) => (Number.isFinite(millis) ? clock.format(millis) : MISSING);
export const hourMinute = (millis) => minute.format(millis);
export const date = (millis) => (new Date(millis).getFullYear() === new Date().getFullYear() ? thisYear : otherYear).format(millis);
export const dateTime = (millis) => (Number.isFinite(millis) ? `${date(millis)}, ${clock.format(millis)}` : MISSING);

/** The same where seconds say nothing. */
export const dateMinute = (millis) => (Number.isFinite(millis) ? `${date(millis)}, ${minute.format(millis)}` : MISSING);

/** Instants come as ISO-8601 UTC. */
export const millis = (instant) => (instant ? Date.parse(instant) : NaN);

/** Scores of 100, where hundredths say nothing. */
const isOfHundred = (metric) => metric.metric_id?.startsWith('expectation_');
const isMean = (metric) => metric.metric_id?.endsWith('_mean');
const minus = (text) => text.replace('-', '−');

/** A metric's value without its unit, which {@link unit} names. */
export function value(number, metric) {
  if (!Number.isFinite(number)) return MISSING;
  switch (metric.unit) {
    case 'points':
      return (number > 0 ? '+' : '') + minus(one.format(number));
    case 'percent':
      return one.format(number);
    case 'ms':
      return duration(number);
    case 'count':
      return isMean(metric) ? two.format(number) : shortCount(number);
    default:
      return isOfHundred(metric) ? one.format(number) : minus(two.format(number));
  }
}

/** A figure of which nothing is known but that it was compared with another: as exact as sentences about it are. */
export const figure = (number) => minus(figures.format(number));

/** A part of many in whole percent. What there is some of is never 0 %. */
export const percent = (some, all) => (some > 0 && 200 * some < all ? '< 1 %' : `${all ? Math.round((100 * some) / all) : 0} %`);

export const unit = (metric) => (metric.unit === 'percent' ? '%' : '');

export const valueWithUnit = (number, metric) =>
  unit(metric) && Number.isFinite(number) ? `${value(number, metric)} ${unit(metric)}` : value(number, metric);

export function change(difference, metric) {
  const size = changeSize(Math.abs(difference), metric);
  // A difference that rounds to nothing has no direction.
  const sign = /[1-9]/.test(size) ? (difference > 0 ? '+' : '−') : '±';
  return `${sign}${size}`;
}

function changeSize(size, metric) {
  switch (metric.unit) {
    case 'points':
      return one.format(size);
    case 'percent':
      return `${one.format(size)} pp`;
    case 'ms':
      return duration(size);
    case 'count':
      return isMean(metric) ? two.format(size) : shortCount(size);
    default:
      return isOfHundred(metric) ? one.format(size) : two.format(size);
  }
}

/** first_contact_due -> first contact due */
export const words = (name) => String(name ?? '').replaceAll('_', ' ');

/** The same where it stands for itself: First contact due */
export const title = (name) => words(name).replace(/^./, (first) => first.toUpperCase());

const NAME = /^[a-z0-9]+(_[a-z0-9]+)+$/;

/**
 * A sentence with names as they are written elsewhere: topics, kinds and the like as words, scores in capitals. Whatever else
 * has underscores, as ids have, stays as it is.
 */
function withNames(text, names) {
  const literally = names.filter((name) => NAME.test(name ?? '')).sort((left, right) => right.length - left.length);
  const worded = literally.length ? text.replace(new RegExp(`(?<!\\w)(${literally.join('|')})(?!\\w)`, 'g'), (name) => words(name)) : text;
  return worded.replace(/\b(nps|csat|ces)(?=( of [^:]+:)? -?\d)/g, (score) => score.toUpperCase());
}

/** Ids of rules have hyphens as often as underscores. */
export const ruleName = (id) => words(id).replaceAll('-', ' ');

const ANSWER = /\b(NPS|CSAT|CES) (-?[\d.]+) on (-?[\d.]+)-(-?[\d.]+)(?=\D|$)/g;

/** What the system said about an alert: answers and channels as they are written elsewhere too. */
export function said(alert, text) {
  const evidence = alert.evidence ?? [];
  const channels = new Set(evidence.map((touchpoint) => touchpoint.channel));
  return withNames(text, [alert.topic, ...evidence.flatMap((touchpoint) => [touchpoint.kind, touchpoint.detail])])
    .replace(ANSWER, '$1 $2 of $3–$4')
    .replace(/(, low is good)? on ([\w-]+)(?=,| within |$)/g, (whole, scale, channel) =>
      channels.has(channel) ? `${scale ? `${scale},` : ''} on ${channelName(channel)}` : whole);
}

const CHANNEL_NAMES = { sms: 'SMS', ivr: 'IVR', qr: 'QR', whatsapp: 'WhatsApp', email: 'E-mail' };

export function channelName(channel) {
  return CHANNEL_NAMES[channel] ?? title(channel);
}

/** Content-derived ids are long; their beginning tells them apart. */
export const shortId = (id) => (id && id.length > 12 ? `${id.slice(0, 8)}…` : id);

/** 1-7 -> 1–7; 1-5_lower_is_better -> 1–5, low is good */
export const scaleWords = (scale) => scale.replace('_lower_is_better', ', low is good').replace(/(\d)-(-?\d)/, '$1–$2');
