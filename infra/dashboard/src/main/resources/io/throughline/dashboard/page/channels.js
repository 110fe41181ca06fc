// One colour per channel, the same everywhere and every day. Hues go by family, so that a stack of many channels still reads:
// blue what customers do on screens, green what they write, orange what they say, brown where they are.

const FAMILIES = [
  ['web', 1], ['app', 2], ['bot', 3], ['chat', 4],
  ['email', 5], ['sms', 6], ['whatsapp', 7], ['viber', 8], ['push', 9], ['social', 10],
  ['call', 11], ['ivr', 12], ['video', 13], ['meeting', 14],
  ['store', 15], ['kiosk', 16], ['qr', 17], ['paper', 18],
];
const KNOWN = new Map(FAMILIES);
const OTHERS = 4;

/** Name of the custom property that holds the channel's colour. */
export function channelColour(channel) {
  const known = KNOWN.get(channel);
  if (known) return `channel-${known}`;
  let hash = 0;
  for (const character of String(channel)) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return `channel-other-${(hash % OTHERS) + 1}`;
}

/** Families together, unknown channels after them by name. */
export function byFamily(left, right) {
  return (KNOWN.get(left) ?? 99) - (KNOWN.get(right) ?? 99) || (left < right ? -1 : left > right ? 1 : 0);
}
